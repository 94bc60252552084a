#include "host/linux/socket_walk.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"

namespace davy::host {
namespace {

TEST(SocketWalk, SeesAConnectionOnLoopback) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t length = sizeof address;
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  ASSERT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const auto walk = walk_sockets(-1, {});
  if (!walk.why.empty()) GTEST_SKIP() << walk.why;
  const auto seen = std::ranges::find_if(walk.sockets, [&](const auto& s) {
    return s.remote_port == ntohs(address.sin_port) && s.state == "established";
  });
  ASSERT_NE(seen, walk.sockets.end());
  EXPECT_EQ(seen->remote, "127.0.0.1");
  EXPECT_NE(seen->inode, 0U);
}

TEST(SocketWalk, CutDatagramsEndTheReading) {
  std::vector<model::SocketSeen> out;
  const Bytes lies = {0xff, 0xff, 0xff, 0x7f, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_FALSE(parse_inet_diag(lies, out));
  const Bytes short_one = {16, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_TRUE(parse_inet_diag(short_one, out));
  EXPECT_TRUE(out.empty());
}

TEST(Hosts, TheFirstNameOfEachAddressWithoutLoopback) {
  const auto names =
      parse_hosts("127.0.0.1 localhost\n# 10.0.0.9 no\n10.0.0.1\tpool.example.org other # c\n10.0.0.2\n::1 x\n");
  EXPECT_EQ(names, (std::map<std::string, std::string>{{"10.0.0.1", "pool.example.org"}}));
}

}  // namespace
}  // namespace davy::host

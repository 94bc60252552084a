#include "drill/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

namespace davy::drill {
namespace {

constexpr int kPortTriesMax = 64;
constexpr int kBacklogConnections = 16;

tl::unexpected<Error> refused(std::string_view text) {
  return fail(ErrorCode::invalid_argument,
              "refused: the exercise talks only to numeric loopback addresses (127.0.0.0/8 or [::1]) with a port",
              std::string(text));
}

socklen_t fill(const LoopbackAddress& address, sockaddr_storage& out) {
  std::memset(&out, 0, sizeof out);
  if (address.ipv6) {
    auto* in6 = reinterpret_cast<sockaddr_in6*>(&out);
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(address.port);
    std::memcpy(&in6->sin6_addr, address.bytes.data(), 16);
    return sizeof *in6;
  }
  auto* in4 = reinterpret_cast<sockaddr_in*>(&out);
  in4->sin_family = AF_INET;
  in4->sin_port = htons(address.port);
  std::memcpy(&in4->sin_addr, address.bytes.data(), 4);
  return sizeof *in4;
}

Result<std::uint16_t> random_port() {
  std::uint16_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) return fail_errno(errno, "no random port");
  constexpr unsigned kAbove = 60'000U - kRandomPortMin;
  return static_cast<std::uint16_t>(kRandomPortMin + random % kAbove);
}

Result<Listener> listen_on(std::uint16_t port) {
  LoopbackAddress address;
  address.bytes = {127, 0, 0, 1};
  address.port = port;
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return fail_errno(errno, "cannot make a socket");
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_storage storage;
  const socklen_t length = fill(address, storage);
  if (bind(socket.get(), reinterpret_cast<sockaddr*>(&storage), length) != 0) return fail_errno(errno, "cannot bind");
  if (listen(socket.get(), kBacklogConnections) != 0) return fail_errno(errno, "cannot listen");
  return Listener{std::move(socket), port};
}

}  // namespace

Result<LoopbackAddress> parse_loopback(std::string_view text) {
  std::string_view rest = text;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) rest.remove_prefix(scheme + 3);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) return refused(text);
  const std::string_view digits = rest.substr(colon + 1);
  std::string_view host = rest.substr(0, colon);
  LoopbackAddress address;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() || address.port == 0)
    return refused(text);
  address.ipv6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (address.ipv6) host = host.substr(1, host.size() - 2);
  const std::string numeric(host);
  if (inet_pton(address.ipv6 ? AF_INET6 : AF_INET, numeric.c_str(), address.bytes.data()) != 1) return refused(text);
  if (!is_loopback(address)) return refused(text);
  return address;
}

bool is_loopback(const LoopbackAddress& address) {
  if (!address.ipv6) return address.bytes[0] == 127;
  constexpr std::array<std::uint8_t, 16> kSelf{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return address.bytes == kSelf;
}

Result<UniqueFd> connect_loopback(const LoopbackAddress& address) {
  if (!is_loopback(address)) return refused("");
  UniqueFd socket(::socket(address.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno(errno, "cannot make a socket");
  sockaddr_storage storage;
  const socklen_t length = fill(address, storage);
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&storage), length) != 0)
    return fail_errno(errno, "cannot connect to the exercise's other side");
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

Result<Listener> listen_loopback(std::uint16_t port) {
  if (port != 0) return listen_on(port);
  for (int tried = 0; tried < kPortTriesMax; ++tried)
    if (auto listener = listen_on(TRY(random_port()))) return listener;
  return fail(ErrorCode::io, "no free port found");
}

}  // namespace davy::drill

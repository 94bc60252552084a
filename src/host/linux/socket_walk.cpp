#include "host/linux/socket_walk.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/file.h"
#include "base/json.h"
#include "base/lines.h"

namespace davy::host {
namespace {

constexpr std::uint32_t kWantedStates = 0xffff'ffff & ~(1U << 6);  // all but TIME_WAIT, which belongs to nobody
constexpr const char* kStateNames[] = {"unknown",   "established", "syn_sent",    "syn_recv",   "fin_wait1",
                                       "fin_wait2", "time_wait",   "close",       "close_wait", "last_ack",
                                       "listen",    "closing",     "new_syn_recv"};

template <class T>
bool copy_out(ByteView bytes, std::size_t at, T& out) {
  if (at > bytes.size() || bytes.size() - at < sizeof out) return false;
  std::memcpy(&out, bytes.data() + at, sizeof out);
  return true;
}

std::string address_text(int family, const void* bytes) {
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(family, bytes, text, sizeof text);
  const std::string_view mapped = "::ffff:";
  return std::string_view(text).starts_with(mapped) && std::strchr(text, '.') != nullptr ? text + mapped.size() : text;
}

// Only the beginning of the structure that this kernel sends may be there: newer fields stay zero.
void read_tcp_info(ByteView payload, model::SocketSeen& out) {
  tcp_info info{};
  std::memcpy(&info, payload.data(), std::min(payload.size(), sizeof info));
  out.bytes_sent = info.tcpi_bytes_acked, out.bytes_received = info.tcpi_bytes_received;
  out.idle_ms = std::min(info.tcpi_last_data_sent, info.tcpi_last_data_recv);
}

void read_attributes(ByteView bytes, model::SocketSeen& out) {
  nlattr head{};
  while (copy_out(bytes, 0, head) && head.nla_len >= sizeof head && head.nla_len <= bytes.size()) {
    if (head.nla_type == INET_DIAG_INFO) read_tcp_info(bytes.subspan(sizeof head, head.nla_len - sizeof head), out);
    bytes = bytes.subspan(std::min<std::size_t>(NLA_ALIGN(head.nla_len), bytes.size()));
  }
}

void read_socket(ByteView payload, std::vector<model::SocketSeen>& out) {
  inet_diag_msg message{};
  if (!copy_out(payload, 0, message)) return;
  if (message.idiag_family != AF_INET && message.idiag_family != AF_INET6) return;
  model::SocketSeen seen;
  seen.protocol = "tcp";
  seen.local = address_text(message.idiag_family, message.id.idiag_src);
  seen.remote = address_text(message.idiag_family, message.id.idiag_dst);
  seen.local_port = ntohs(message.id.idiag_sport), seen.remote_port = ntohs(message.id.idiag_dport);
  seen.state = kStateNames[message.idiag_state < std::size(kStateNames) ? message.idiag_state : 0];
  seen.inode = message.idiag_inode;
  seen.cookie = (std::uint64_t{message.id.idiag_cookie[1]} << 32) | message.id.idiag_cookie[0];
  read_attributes(payload.subspan(std::min<std::size_t>(NLMSG_ALIGN(sizeof message), payload.size())), seen);
  out.push_back(std::move(seen));
}

bool ask(int fd, std::uint8_t family) {
  struct {
    nlmsghdr head;
    inet_diag_req_v2 request;
  } question{};
  question.head.nlmsg_len = sizeof question;
  question.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  question.request.sdiag_family = family, question.request.sdiag_protocol = IPPROTO_TCP;
  question.request.idiag_ext = 1U << (INET_DIAG_INFO - 1);
  question.request.idiag_states = kWantedStates;
  return ::send(fd, &question, sizeof question, 0) == static_cast<ssize_t>(sizeof question);
}

Status dump_family(std::uint8_t family, SocketWalk& out) {
  const UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!fd) return fail_errno(errno, "cannot open sock_diag");
  const timeval limit{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (!ask(fd.get(), family)) return fail_errno(errno, "cannot ask sock_diag");
  Bytes buffer(64U << 10);
  for (bool more = true; more;) {
    const ssize_t got = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(errno, "sock_diag does not answer");
    more = parse_inet_diag(ByteView(buffer.data(), static_cast<std::size_t>(got)), out.sockets);
    if (out.sockets.size() <= kSocketsMax) continue;
    out.lost += out.sockets.size() - kSocketsMax;
    out.sockets.resize(kSocketsMax);
  }
  return {};
}

void dump_here(std::uint64_t net_namespace, SocketWalk& out) {
  const std::size_t before = out.sockets.size();
  for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}})
    if (const auto done = dump_family(family, out); !done) out.why = describe(done.error());
  for (std::size_t i = before; i < out.sockets.size(); ++i) out.sockets[i].net_namespace = net_namespace;
}

void dump_in(int proc_fd, std::uint64_t net_namespace, std::int64_t pid, SocketWalk& out) {
  const std::string path = std::to_string(pid) + "/ns/net";
  const UniqueFd fd(::openat(proc_fd, path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return;  // the process has gone, and its sockets with it
  if (::setns(fd.get(), CLONE_NEWNET) != 0) {
    out.why = describe(fail_errno(errno, "cannot enter another network namespace").value());
    return;
  }
  dump_here(net_namespace, out);
}

}  // namespace

SocketWalk walk_sockets(int proc_fd, const std::map<std::uint64_t, std::int64_t>& namespaces) {
  SocketWalk out;
  if (namespaces.size() <= 1) {
    dump_here(namespaces.empty() ? 0 : namespaces.begin()->first, out);
    return out;
  }
  std::thread([&] {  // a thread of its own, so that nothing else ends up in a foreign namespace
    std::size_t entered = 0;
    for (const auto& [net_namespace, pid] : namespaces) {
      if (entered++ == kNetNamespacesMax) {
        out.why = "more network namespaces than " + std::to_string(kNetNamespacesMax);
        return;
      }
      dump_in(proc_fd, net_namespace, pid, out);
    }
  })
      .join();
  return out;
}

bool parse_inet_diag(ByteView datagram, std::vector<model::SocketSeen>& out) {
  nlmsghdr head{};
  while (copy_out(datagram, 0, head)) {
    if (head.nlmsg_len < sizeof head || head.nlmsg_len > datagram.size()) return false;
    if (head.nlmsg_type == NLMSG_DONE || head.nlmsg_type == NLMSG_ERROR) return false;
    read_socket(datagram.subspan(NLMSG_HDRLEN, head.nlmsg_len - NLMSG_HDRLEN), out);
    datagram = datagram.subspan(std::min<std::size_t>(NLMSG_ALIGN(head.nlmsg_len), datagram.size()));
  }
  return true;
}

std::map<std::string, std::string> parse_hosts(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    line = line.substr(0, line.find('#'));
    const std::size_t gap = line.find_first_of(" \t");
    const std::size_t name = gap == std::string_view::npos ? gap : line.find_first_not_of(" \t\r", gap);
    if (name == std::string_view::npos || line.starts_with("127.") || line.starts_with("::1")) continue;
    const std::string_view rest = line.substr(name);
    out.emplace(printable(line.substr(0, gap)), printable(rest.substr(0, rest.find_first_of(" \t\r"))));
  }
  return out;
}

}  // namespace davy::host

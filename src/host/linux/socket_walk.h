// The sockets of this machine, in every network namespace that a process lives in, by sock_diag(7).
//
// A helper thread enters each namespace and asks the kernel; the caller's own thread never leaves its namespace.
// Needs CAP_SYS_ADMIN to enter the namespaces of others; without it only the own one is seen and `why` says so.
// Limits: kNetNamespacesMax, kSocketsMax. Thread-safe (no state).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::size_t kNetNamespacesMax = 256;
inline constexpr std::size_t kSocketsMax = 65'536;

struct SocketWalk {
  std::vector<model::SocketSeen> sockets;  // without owner and server name
  std::uint64_t lost = 0;                  // over a limit
  std::string why;                         // what could not be seen, empty when everything was
};

// `namespaces`: inode of each network namespace -> a process that lives in it. An empty map asks the own one alone.
SocketWalk walk_sockets(int proc_fd, const std::map<std::uint64_t, std::int64_t>& namespaces);

// One datagram of the kernel's answer to a TCP question; adds what it can read. False when it was the last one.
bool parse_inet_diag(ByteView datagram, std::vector<model::SocketSeen>& out);

// Names of addresses in the text of /etc/hosts; of several names the first. Loopback is left out.
std::map<std::string, std::string> parse_hosts(std::string_view text);

}  // namespace davy::host

// The only addresses that the twin ever talks to: 127.0.0.0/8 and ::1, written as numbers.
//
// Names are refused, localhost too: no resolver is ever asked. The check is repeated on the binary address right before
// every connect and bind. Pure functions apart from the sockets; thread-safe. Errors: invalid_argument.
//
//   const LoopbackAddress pool = TRY(parse_loopback("127.0.0.1:24242"));
//   const UniqueFd socket = TRY(connect_loopback(pool));
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace davy::drill {

// Plain data, so that it can be handed to another process; port in host order. IPv4 uses the first four bytes.
struct LoopbackAddress {
  std::array<std::uint8_t, 16> bytes{};
  std::uint16_t port = 0;
  bool ipv6 = false;
};

// "127.0.0.1:P" or "[::1]:P", optionally with a URL scheme before it and nothing but digits in P (1 to 65535).
Result<LoopbackAddress> parse_loopback(std::string_view text);

bool is_loopback(const LoopbackAddress& address);

Result<UniqueFd> connect_loopback(const LoopbackAddress& address);

struct Listener {
  UniqueFd socket;
  std::uint16_t port = 0;
};

// Listens on 127.0.0.1. Port 0 takes a random free one above kRandomPortMin.
inline constexpr std::uint16_t kRandomPortMin = 20'001;
Result<Listener> listen_loopback(std::uint16_t port);

}  // namespace davy::drill

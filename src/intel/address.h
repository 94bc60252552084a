// Internet addresses as text, and the two questions that a list of pools asks about a host: may it stand in intel at
// all, and is it an address or a name? Loopback, private and other addresses that mean another machine on every network
// must never be in a pack, or a pack could turn a site's own services into pools.
//
// Pure functions; thread-safe. Accepts dotted quads and RFC 4291 text without zone; nothing else is an address.
//
//   const auto address = parse_address("203.0.113.7");
//   const bool refused = address && !is_public(*address);
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace davy::intel {

// IPv6 in network order; IPv4 as ::ffff:a.b.c.d.
using Address = std::array<std::uint8_t, 16>;

struct HashOfAddress {
  std::size_t operator()(const Address& address) const {
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(address.data()), address.size()});
  }
};

std::optional<Address> parse_address(std::string_view text);

// False for loopback, private, link-local, shared (RFC 6598), multicast, unspecified, reserved and unique local.
bool is_public(const Address& address);

// Whether a host may be an entry: a public address, or a name of at least two labels made of letters, digits, '-', '_'
// (or bytes of other scripts) that is not reserved for local use. Errors: malformed, naming the host.
Status check_host(std::string_view host);

}  // namespace davy::intel

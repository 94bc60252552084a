// A range of addresses, "10.1.0.0/16" or "fd00:1::/32"; a single address is a range of one. Plain value; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "network/address.h"

namespace davy::network {

struct NetworkRange {
  Address base;
  int prefix_bits = 128;  // of the sixteen bytes; an IPv4 prefix counts from 96

  bool contains(const Address& address) const;
};

// Nothing when the text is no range.
std::optional<NetworkRange> parse_network_range(std::string_view text);

// Private, shared, link-local and unique local addresses: those of hosts inside, unless more is declared.
bool is_private(const Address& address);

bool any_contains(const std::vector<NetworkRange>& ranges, const Address& address);

}  // namespace davy::network

// Whom a prober may ask: entries such as "pool.example:3333", "10.1.0.0/16:3333", "10.1.0.7:1-1024", "[fd00::7]:*".
//
// A name covers that name alone, whatever its addresses; a network covers addresses. Never covered: multicast,
// broadcast and unspecified addresses. Pure; thread-safe. Errors: invalid_argument.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "network/network_range.h"

namespace davy::network::probe {

struct Target {
  std::string host;  // a name in lower case, or an address
  std::uint16_t port = 0;
  bool is_name = false;
};

// "host:port", "[v6]:port".
Result<Target> parse_target(std::string_view text);

struct TargetEntry {
  std::string text;  // as it was written
  std::string name;  // empty when it is a network
  NetworkRange network;
  std::uint16_t first_port = 0, last_port = 0;
};
Result<std::vector<TargetEntry>> parse_entries(const std::vector<std::string>& texts);

// The first entry that covers the target at this address; null when none does.
const TargetEntry* covering(const std::vector<TargetEntry>& entries, const Target& target, const Address& address);

// Nobody can be asked there.
bool is_never_asked(const Address& address);

}  // namespace davy::network::probe

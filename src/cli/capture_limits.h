// What the commands that read packets share: the network's policy, the limits that --memory sets, and the seed of the
// table of flows.
#pragma once

#include "base/arguments.h"
#include "base/config.h"
#include "network/traffic.h"

namespace davy::cli {

// Error: invalid_argument (--memory is no number of megabytes from 1 to 65536).
Result<network::TrafficLimits> traffic_limits_of(const ParsedArguments& given, const model::PolicySeen& policy);

// What --policy names, or the settings; nothing declared where no file is. Errors: those of parse_policy.
Result<model::PolicySeen> policy_of(const ParsedArguments& given, const Settings& settings);

// Not to be guessed by whoever chooses the addresses.
std::uint64_t random_seed();

}  // namespace davy::cli

// What the commands that read packets share: the limits that --memory sets, and the seed of the table of flows.
#pragma once

#include "base/arguments.h"
#include "network/traffic.h"

namespace davy::cli {

// Error: invalid_argument (--memory is no number of megabytes from 1 to 65536).
Result<network::TrafficLimits> traffic_limits_of(const ParsedArguments& given);

// Not to be guessed by whoever chooses the addresses.
std::uint64_t random_seed();

}  // namespace davy::cli

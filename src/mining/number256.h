// Unsigned numbers of 256 bits, as hashes and targets are: most significant byte first, so that they compare like
// texts. Pure functions; thread-safe.
//
//   const auto target = parse_number256("0x00ffff");
//   const bool met = target && hash <= *target;
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace davy::mining {

using Number256 = std::array<std::uint8_t, 32>;

// 1 to 64 hexadecimal digits, most significant first; "0x" may stand before them. Anything else gives nothing.
std::optional<Number256> parse_number256(std::string_view text);

// 32 bytes, least significant first, as digests become numbers in Bitcoin and its relatives.
Number256 number_of_digest(const std::array<std::uint8_t, 32>& digest);

// The nearest double; all 256 bits fit into its exponent.
double approximate(const Number256& number);

// log2(2^256 / target); infinite for zero.
double bits_of_target(const Number256& target);

}  // namespace davy::mining

// Bech32 (BIP-173) and Bech32m (BIP-350): Base32 text with a prefix and a checksum that finds every change of up to
// four characters. Pure functions; thread-safe. A text that mixes cases, or whose checksum is wrong, gives nothing.
//
//   const auto address = decode_segwit("bc", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");   // version 0, 20 bytes
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace davy::mining {

inline constexpr std::size_t kBech32CharactersMax = 90;

struct Bech32 {
  std::string prefix;     // lower case
  Bytes values;           // 5 bits each, without the checksum
  bool modified = false;  // Bech32m
};
// `characters_max` is kBech32CharactersMax but for forms that lift it (Zcash's unified addresses).
std::optional<Bech32> decode_bech32(std::string_view text, std::size_t characters_max = kBech32CharactersMax);

struct SegwitAddress {
  unsigned version = 0;  // 0 to 16
  Bytes program;         // 2 to 40 bytes; 20 or 32 for version 0
};
// Version 0 must be Bech32, later ones Bech32m.
std::optional<SegwitAddress> decode_segwit(std::string_view prefix, std::string_view text);

// What Base32 forms share. The 5-bit values of a text in one case; `alphabet` in lower case.
std::optional<Bytes> base32_values(std::string_view text, std::string_view alphabet);

// 5-bit values to bytes; what is left over must be fewer than 5 bits, all zero.
std::optional<Bytes> regroup_to_bytes(ByteView values);

}  // namespace davy::mining

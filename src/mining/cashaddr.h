// The address form of Bitcoin Cash, which Kaspa, eCash, Nexa and, with other letters, Conflux took over: a prefix, a
// colon, Base32, and a checksum of 40 bits that finds every change of up to five characters.
// Sources: the cashaddr specification of Bitcoin Cash, rusty-kaspa crypto/addresses, Conflux CIP-37.
// Pure functions; thread-safe. A text that mixes cases, or whose checksum is wrong, gives nothing.
//
//   const auto address = decode_cashaddr("bitcoincash", body, kCashaddrAlphabet);   // version byte and payload
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace davy::mining {

inline constexpr std::size_t kCashaddrCharactersMax = 128;  // of the body
inline constexpr std::string_view kCashaddrAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
inline constexpr std::string_view kConfluxAlphabet = "abcdefghjkmnprstuvwxyz0123456789";

// The bytes of `body`, which stands behind the colon, without the checksum: a version byte first. `prefix` in lower
// case; `body` in either.
std::optional<Bytes> decode_cashaddr(std::string_view prefix, std::string_view body, std::string_view alphabet);

}  // namespace davy::mining

// Base58 as coins write addresses: Bitcoin's, where the whole text is one number, and Monero's, where blocks of eight
// bytes become eleven characters each. Both use the alphabet without 0, O, I and l.
// Pure functions; thread-safe. Anything that is not exactly such a text gives nothing.
//
//   const auto payload = decode_base58check("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");   // version 0 and 20 bytes
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace davy::mining {

inline constexpr std::size_t kBase58CharactersMax = 128;

// Leading '1's are leading zero bytes. Nothing for an empty text or one over kBase58CharactersMax.
std::optional<Bytes> decode_base58(std::string_view text);

// The bytes before the last four, when those are the start of the double SHA-256 of the rest.
std::optional<Bytes> decode_base58check(std::string_view text);

// Monero's blocks. Nothing when the length is impossible or a block exceeds its bytes.
std::optional<Bytes> decode_monero_base58(std::string_view text);

// The inverse of decode_monero_base58, for every length.
std::string encode_monero_base58(ByteView bytes);

}  // namespace davy::mining

// The exercise wallet: a Monero-style address with the right network byte, length and checksum that nobody can own.
//
// Its two public keys are Keccak-256 digests of a fixed text, numbered so that neither decodes to a point of the curve
// (wallet_test.cpp proves it by Euler's criterion). A key that is no point has no private key: whatever was sent there
// could never be spent. Keccak-256 is the original padding (0x01), as CryptoNote uses it. Pure functions; thread-safe.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "drill/masked.h"

namespace davy::drill {

using PublicKeyBytes = std::array<std::uint8_t, 32>;

inline constexpr std::size_t kWalletCharacters = 95;

std::array<std::uint8_t, 32> keccak256(ByteView bytes);

PublicKeyBytes exercise_spend_key();
PublicKeyBytes exercise_view_key();

// 95 characters of CryptoNote base58: network byte 18, spend key, view key, four bytes of checksum.
SecretText exercise_wallet();

}  // namespace davy::drill

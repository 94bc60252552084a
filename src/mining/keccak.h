// Keccak-256 with the original padding (0x01), as Monero and Ethereum use it; SHA3-256 pads with 0x06 and differs.
// Source: Bertoni et al., The Keccak reference 3.0. Pure function; thread-safe.
//
//   const std::string empty = to_hex(keccak256({}));   // c5d2460186f7233c...
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace davy::mining {

std::array<std::uint8_t, 32> keccak256(ByteView bytes);

}  // namespace davy::mining

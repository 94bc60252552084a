// Equihash: a proof of work that is hard to find and quick to check (Biryukov and Khovratovich, NDSS 2016; as Zcash
// uses it: Zcash protocol specification, section 7.7.1).
//
// A solution is 2^k indices, n / (k + 1) + 1 bits each, packed from the most significant bit. Each index names n bits
// of a BLAKE2b digest of the input. Checking: paired as the leaves of a tree, the left one of two halves begins with
// the smaller index, no index comes twice, the XOR of the two halves is zero in one more group of n / (k + 1) bits at
// each level, and in all bits at the root.
// Pure function; thread-safe. Cost: at most 2^k digests, 512 for Zcash.
//
//   const bool found = verify_equihash(kZcashEquihash, header, solution);
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace davy::mining {

struct EquihashParameters {
  std::uint32_t n = 0;               // bits; a multiple of 8 and of k + 1, at most 256
  std::uint32_t k = 0;               // levels of the tree, at most 9
  std::string_view personalisation;  // 8 characters

  std::size_t group_bits() const { return n / (k + 1); }
  std::size_t index_bits() const { return group_bits() + 1; }
  std::size_t indices() const { return std::size_t{1} << k; }
  std::size_t solution_bytes() const { return indices() * index_bits() / 8; }
};

inline constexpr EquihashParameters kZcashEquihash = {200, 9, "ZcashPoW"};

// `input` is the header with its nonce. False for a solution of another length, and for impossible parameters.
bool verify_equihash(const EquihashParameters& parameters, ByteView input, ByteView solution);

}  // namespace davy::mining

// The state is 5 x 5 lanes of 64 bits. 136 bytes at a time are xored into it, and 24 rounds mix it: every column takes
// the parity of its neighbours, lanes are rotated and moved, and rows are combined by the only non-linear step.
#include "mining/keccak.h"

#include <algorithm>
#include <bit>

namespace davy::mining {
namespace {

constexpr std::size_t kRateBytes = 136;

constexpr std::array<std::uint64_t, 24> kRoundConstants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// Where the walk over the lanes goes, starting from lane 1, and by how much each is rotated on the way.
constexpr std::array<std::size_t, 24> kWalk = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                               15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
constexpr std::array<int, 24> kTurns = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                        27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};

using Lanes = std::array<std::uint64_t, 25>;

void mix_columns(Lanes& lanes) {
  std::array<std::uint64_t, 5> parity{};
  for (std::size_t i = 0; i < lanes.size(); ++i) parity[i % 5] ^= lanes[i];
  for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
}

void move_lanes(Lanes& lanes) {
  std::uint64_t carried = lanes[1];
  for (std::size_t i = 0; i < kWalk.size(); ++i) {
    const std::uint64_t next = lanes[kWalk[i]];
    lanes[kWalk[i]] = std::rotl(carried, kTurns[i]);
    carried = next;
  }
}

void combine_rows(Lanes& lanes) {
  for (std::size_t row = 0; row < lanes.size(); row += 5) {
    const std::array<std::uint64_t, 5> old = {lanes[row], lanes[row + 1], lanes[row + 2], lanes[row + 3],
                                              lanes[row + 4]};
    for (std::size_t i = 0; i < 5; ++i) lanes[row + i] = old[i] ^ (~old[(i + 1) % 5] & old[(i + 2) % 5]);
  }
}

void absorb(Lanes& lanes, ByteView block) {
  for (std::size_t i = 0; i < kRateBytes; ++i) lanes[i / 8] ^= std::uint64_t{block[i]} << (8 * (i % 8));
  for (const std::uint64_t constant : kRoundConstants) {
    mix_columns(lanes);
    move_lanes(lanes);
    combine_rows(lanes);
    lanes[0] ^= constant;
  }
}

}  // namespace

std::array<std::uint8_t, 32> keccak256(ByteView bytes) {
  Lanes lanes{};
  for (; bytes.size() >= kRateBytes; bytes = bytes.subspan(kRateBytes)) absorb(lanes, bytes);
  std::array<std::uint8_t, kRateBytes> last{};
  std::ranges::copy(bytes, last.begin());
  last[bytes.size()] ^= 0x01;
  last.back() ^= 0x80;
  absorb(lanes, last);
  std::array<std::uint8_t, 32> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(lanes[i / 8] >> (8 * (i % 8)));
  return digest;
}

}  // namespace davy::mining

#include "mining/blake2b.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace davy::mining {
namespace {

constexpr std::array<std::uint64_t, 8> kStart = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                                 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                                 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

constexpr std::array<std::array<std::uint8_t, 16>, 10> kOrder = {
    {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
     {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
     {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
     {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
     {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
     {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
     {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
     {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
     {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
     {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}}};
constexpr std::size_t kRounds = 12;

// The parameter block: digest length, fanout 1 and depth 1 in its first word, personalisation in its last two.
constexpr std::uint64_t kFanoutAndDepth = 0x01010000;
constexpr std::size_t kPersonalisationWord = 6;

struct Quarter {
  std::size_t a, b, c, d;
};
// Columns, then diagonals.
constexpr std::array<Quarter, 8> kQuarters = {{{0, 4, 8, 12},
                                               {1, 5, 9, 13},
                                               {2, 6, 10, 14},
                                               {3, 7, 11, 15},
                                               {0, 5, 10, 15},
                                               {1, 6, 11, 12},
                                               {2, 7, 8, 13},
                                               {3, 4, 9, 14}}};

std::uint64_t word_at(ByteView bytes, std::size_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8U | bytes[offset + i];
  return value;
}

using Work = std::array<std::uint64_t, 16>;

void mix(Work& v, const Quarter& q, std::uint64_t x, std::uint64_t y) {
  v[q.a] += v[q.b] + x;
  v[q.d] = std::rotr(v[q.d] ^ v[q.a], 32);
  v[q.c] += v[q.d];
  v[q.b] = std::rotr(v[q.b] ^ v[q.c], 24);
  v[q.a] += v[q.b] + y;
  v[q.d] = std::rotr(v[q.d] ^ v[q.a], 16);
  v[q.c] += v[q.d];
  v[q.b] = std::rotr(v[q.b] ^ v[q.c], 63);
}

}  // namespace

Blake2b::Blake2b(std::size_t digest_bytes, const Blake2bPersonalisation& personalisation)
    : state_(kStart), digest_bytes_(digest_bytes) {
  assert(digest_bytes >= 1 && digest_bytes <= kBlake2bDigestBytesMax);
  state_[0] ^= kFanoutAndDepth ^ digest_bytes;
  state_[kPersonalisationWord] ^= word_at(personalisation, 0);
  state_[kPersonalisationWord + 1] ^= word_at(personalisation, 8);
}

void Blake2b::compress(bool last) {
  Work words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = word_at(block_, 8 * i);
  Work v{};
  std::ranges::copy(state_, v.begin());
  std::ranges::copy(kStart, v.begin() + 8);
  v[12] ^= hashed_;
  if (last) v[14] = ~v[14];
  for (std::size_t round = 0; round < kRounds; ++round) {
    const auto& order = kOrder[round % kOrder.size()];
    for (std::size_t i = 0; i < kQuarters.size(); ++i)
      mix(v, kQuarters[i], words[order[2 * i]], words[order[2 * i + 1]]);
  }
  for (std::size_t i = 0; i < state_.size(); ++i) state_[i] ^= v[i] ^ v[i + 8];
}

// A full block waits: the last one is compressed otherwise, and only finish() knows that it is the last.
void Blake2b::update(ByteView bytes) {
  while (!bytes.empty()) {
    if (pending_ == kBlockBytes) {
      hashed_ += kBlockBytes;
      compress(false);
      pending_ = 0;
    }
    const std::size_t taken = std::min(bytes.size(), kBlockBytes - pending_);
    std::copy_n(bytes.begin(), taken, block_.begin() + static_cast<std::ptrdiff_t>(pending_));
    pending_ += taken;
    bytes = bytes.subspan(taken);
  }
}

Bytes Blake2b::finish() {
  hashed_ += pending_;
  std::fill(block_.begin() + static_cast<std::ptrdiff_t>(pending_), block_.end(), std::uint8_t{0});
  compress(true);
  Bytes digest;
  for (std::size_t i = 0; i < digest_bytes_; ++i)
    digest.push_back(static_cast<std::uint8_t>(state_[i / 8] >> (8 * (i % 8))));
  return digest;
}

Bytes blake2b(ByteView bytes, std::size_t digest_bytes) {
  Blake2b digest(digest_bytes);
  digest.update(bytes);
  return digest.finish();
}

}  // namespace davy::mining

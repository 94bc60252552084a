#include "mining/equihash.h"

#include <algorithm>
#include <vector>

#include "mining/blake2b.h"

namespace davy::mining {
namespace {

constexpr std::uint32_t kBitsMax = 256;
constexpr std::uint32_t kLevelsMax = 9;
constexpr std::size_t kIndexBitsMax = 25;
constexpr std::size_t kPersonalisationCharacters = 8;
constexpr std::uint32_t kDigestBits = 512;

bool possible(const EquihashParameters& p) {
  return p.k >= 1 && p.k <= kLevelsMax && p.n >= 8 && p.n <= kBitsMax && p.n % 8 == 0 && p.n % (p.k + 1) == 0 &&
         p.index_bits() <= kIndexBitsMax && p.indices() * p.index_bits() % 8 == 0 &&
         p.personalisation.size() == kPersonalisationCharacters;
}

// The bits [begin, begin + count) of the bytes, most significant first; at most 32 of them.
std::uint32_t bits_at(ByteView bytes, std::size_t begin, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = begin; i < begin + count; ++i) value = value << 1U | (bytes[i / 8] >> (7 - i % 8) & 1U);
  return value;
}

std::vector<std::uint32_t> indices_of(const EquihashParameters& p, ByteView solution) {
  std::vector<std::uint32_t> indices;
  for (std::size_t i = 0; i < p.indices(); ++i)
    indices.push_back(bits_at(solution, i * p.index_bits(), p.index_bits()));
  return indices;
}

bool distinct(std::vector<std::uint32_t> indices) {
  std::ranges::sort(indices);
  return std::ranges::adjacent_find(indices) == indices.end();
}

// One digest holds the bits of as many neighbouring indices as fit.
class Leaves {
 public:
  Leaves(const EquihashParameters& p, ByteView input)
      : bytes_(p.n / 8), in_digest_(kDigestBits / p.n), state_(in_digest_ * bytes_, personalisation(p)) {
    state_.update(input);
  }

  Bytes bits_of(std::uint32_t index) const {
    Bytes number;
    append_u32_le(number, index / in_digest_);
    Blake2b digest = state_;
    digest.update(number);
    const Bytes all = digest.finish();
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(index % in_digest_ * bytes_);
    return {begin, begin + static_cast<std::ptrdiff_t>(bytes_)};
  }

 private:
  static Blake2bPersonalisation personalisation(const EquihashParameters& p) {
    Bytes bytes(p.personalisation.begin(), p.personalisation.end());
    append_u32_le(bytes, p.n);
    append_u32_le(bytes, p.k);
    Blake2bPersonalisation out{};
    std::ranges::copy(bytes, out.begin());
    return out;
  }

  std::size_t bytes_;
  std::uint32_t in_digest_;
  Blake2b state_;
};

// The two halves of a node, joined into the left one: false when they do not collide.
bool join(Bytes& left, const Bytes& right, std::size_t zero_bits) {
  for (std::size_t i = 0; i < left.size(); ++i) left[i] ^= right[i];
  for (std::size_t i = 0; i < zero_bits; ++i)
    if ((left[i / 8] >> (7 - i % 8) & 1U) != 0) return false;
  return true;
}

// The first index of a node is the smallest of its left half, because every level orders its halves.
bool ordered(const std::vector<std::uint32_t>& indices) {
  for (std::size_t half = 1; half < indices.size(); half *= 2)
    for (std::size_t at = 0; at < indices.size(); at += 2 * half)
      if (indices[at] >= indices[at + half]) return false;
  return true;
}

}  // namespace

bool verify_equihash(const EquihashParameters& parameters, ByteView input, ByteView solution) {
  if (!possible(parameters) || solution.size() != parameters.solution_bytes()) return false;
  const auto indices = indices_of(parameters, solution);
  if (!ordered(indices) || !distinct(indices)) return false;
  const Leaves leaves(parameters, input);
  std::vector<Bytes> nodes;
  nodes.reserve(indices.size());
  for (const std::uint32_t index : indices) nodes.push_back(leaves.bits_of(index));
  for (std::size_t level = 1; level <= parameters.k; ++level) {
    const std::size_t zero_bits = level == parameters.k ? parameters.n : level * parameters.group_bits();
    for (std::size_t i = 0; 2 * i < nodes.size(); ++i) {
      if (!join(nodes[2 * i], nodes[2 * i + 1], zero_bits)) return false;
      if (i > 0) nodes[i] = std::move(nodes[2 * i]);
    }
    nodes.resize(nodes.size() / 2);
  }
  return true;
}

}  // namespace davy::mining

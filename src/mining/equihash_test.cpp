#include "mining/equihash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "mining/blake2b.h"

namespace davy::mining {
namespace {

constexpr EquihashParameters kSmall = {48, 5, "ZcashPoW"};

// A solution being built: the XOR of its leaves and the indices of these in tree order.
struct Row {
  Bytes bits;
  std::vector<std::uint32_t> indices;
};

// The bits of one index, computed apart from the code that is tried here: n is a multiple of 8.
Bytes leaf(const EquihashParameters& p, ByteView input, std::uint32_t index) {
  Bytes person(p.personalisation.begin(), p.personalisation.end());
  append_u32_le(person, p.n);
  append_u32_le(person, p.k);
  Blake2bPersonalisation personalisation{};
  std::ranges::copy(person, personalisation.begin());
  const std::uint32_t in_digest = 512 / p.n;
  Blake2b digest(in_digest * p.n / 8, personalisation);
  digest.update(input);
  Bytes number;
  append_u32_le(number, index / in_digest);
  digest.update(number);
  const Bytes all = digest.finish();
  const auto begin = all.begin() + index % in_digest * (p.n / 8);
  return {begin, begin + p.n / 8};
}

bool share_an_index(const Row& a, const Row& b) {
  return std::ranges::any_of(a.indices, [&](std::uint32_t i) { return std::ranges::count(b.indices, i) > 0; });
}

Row joined(const Row& a, const Row& b) {
  const bool in_order = a.indices[0] < b.indices[0];
  Row out = in_order ? a : b;
  const Row& other = in_order ? b : a;
  for (std::size_t i = 0; i < out.bits.size(); ++i) out.bits[i] ^= other.bits[i];
  out.indices.insert(out.indices.end(), other.indices.begin(), other.indices.end());
  return out;
}

// Wagner's algorithm with groups of whole bytes.
std::vector<Row> solve(const EquihashParameters& p, ByteView input) {
  const std::size_t group = p.group_bits() / 8;
  std::vector<Row> rows;
  for (std::uint32_t i = 0; i < 1U << p.index_bits(); ++i) rows.push_back({leaf(p, input, i), {i}});
  for (std::size_t level = 0; level < p.k; ++level) {
    const std::size_t bytes = level + 1 == p.k ? 2 * group : group;
    std::map<Bytes, std::vector<std::size_t>> alike;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto begin = rows[i].bits.begin() + static_cast<std::ptrdiff_t>(level * group);
      alike[Bytes(begin, begin + static_cast<std::ptrdiff_t>(bytes))].push_back(i);
    }
    std::vector<Row> next;
    for (const auto& [bits, members] : alike)
      for (std::size_t i = 0; i < members.size() && next.size() < 5'000; ++i)
        for (std::size_t j = i + 1; j < members.size(); ++j)
          if (!share_an_index(rows[members[i]], rows[members[j]]))
            next.push_back(joined(rows[members[i]], rows[members[j]]));
    rows = std::move(next);
  }
  return rows;
}

Bytes packed(const EquihashParameters& p, const std::vector<std::uint32_t>& indices) {
  Bytes out(p.solution_bytes());
  std::size_t at = 0;
  for (const std::uint32_t index : indices)
    for (std::size_t bit = p.index_bits(); bit-- > 0; ++at)
      out[at / 8] |= static_cast<std::uint8_t>((index >> bit & 1U) << (7 - at % 8));
  return out;
}

struct Solved {
  Bytes input;
  std::vector<std::uint32_t> indices;
};

Solved solve_some(const EquihashParameters& p) {
  for (std::uint32_t nonce = 0; nonce < 1'000; ++nonce) {
    Bytes input(20, 0x5a);
    append_u32_le(input, nonce);
    const auto rows = solve(p, input);
    if (!rows.empty()) return {input, rows[0].indices};
  }
  return {};
}

class EquihashTest : public ::testing::Test {
 protected:
  const Solved solved_ = solve_some(kSmall);
};

TEST_F(EquihashTest, TakesWhatTheSolverFinds) {
  ASSERT_EQ(solved_.indices.size(), 32U);
  EXPECT_TRUE(verify_equihash(kSmall, solved_.input, packed(kSmall, solved_.indices)));
}

TEST_F(EquihashTest, KnowsTheSizeOfASolution) {
  EXPECT_EQ(kSmall.solution_bytes(), 36U);
  EXPECT_EQ(kZcashEquihash.solution_bytes(), 1344U);
}

TEST_F(EquihashTest, NoticesAChangedInputOrPersonalisation) {
  const Bytes solution = packed(kSmall, solved_.indices);
  Bytes input = solved_.input;
  input[3] ^= 1;
  EXPECT_FALSE(verify_equihash(kSmall, input, solution));
  EXPECT_FALSE(verify_equihash({48, 5, "BgoldPoW"}, solved_.input, solution));
}

TEST_F(EquihashTest, NoticesEveryChangedBit) {
  const Bytes solution = packed(kSmall, solved_.indices);
  for (std::size_t bit = 0; bit < 8 * solution.size(); ++bit) {
    Bytes changed = solution;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(verify_equihash(kSmall, solved_.input, changed)) << bit;
  }
}

// The XOR stays zero, but the halves of a node are exchanged.
TEST_F(EquihashTest, WantsTheHalvesInOrder) {
  for (std::ptrdiff_t half = 1; half < 32; half *= 2) {
    auto indices = solved_.indices;
    std::rotate(indices.begin(), indices.begin() + half, indices.begin() + 2 * half);
    EXPECT_FALSE(verify_equihash(kSmall, solved_.input, packed(kSmall, indices))) << half;
  }
}

// One tree twice: everything collides, and the XOR is zero.
TEST_F(EquihashTest, WantsDistinctIndices) {
  auto indices = solved_.indices;
  std::copy_n(indices.begin(), 16, indices.begin() + 16);
  EXPECT_FALSE(verify_equihash(kSmall, solved_.input, packed(kSmall, indices)));
  EXPECT_FALSE(verify_equihash(kSmall, solved_.input, Bytes(kSmall.solution_bytes())));
}

TEST_F(EquihashTest, RefusesOtherLengthsAndParameters) {
  Bytes solution = packed(kSmall, solved_.indices);
  solution.push_back(0);
  EXPECT_FALSE(verify_equihash(kSmall, solved_.input, solution));
  EXPECT_FALSE(verify_equihash(kSmall, solved_.input, {}));
  for (const EquihashParameters& odd :
       {EquihashParameters{0, 0, "ZcashPoW"}, EquihashParameters{48, 0, "ZcashPoW"},
        EquihashParameters{200, 31, "ZcashPoW"}, EquihashParameters{512, 7, "ZcashPoW"},
        EquihashParameters{125, 4, "ZcashPoW"}, EquihashParameters{48, 5, ""}, EquihashParameters{144, 2, "ZcashPoW"}})
    EXPECT_FALSE(verify_equihash(odd, solved_.input, solution)) << odd.n << "," << odd.k;
}

}  // namespace
}  // namespace davy::mining

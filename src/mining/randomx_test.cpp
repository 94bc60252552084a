#include "mining/randomx.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

TEST(RandomX, ReadsMxcsr) {
  EXPECT_EQ(decode_fp_control("x86_64", 0x1f80).rounding_mode, 0U);
  EXPECT_FALSE(decode_fp_control("x86_64", 0x1f80).flushes_denormals);
  EXPECT_EQ(decode_fp_control("x86_64", 0x3f80).rounding_mode, 1U);
  EXPECT_EQ(decode_fp_control("x86_64", 0x5f80).rounding_mode, 2U);
  const FpControl randomx = decode_fp_control("x86_64", 0xffc0);
  EXPECT_EQ(randomx.rounding_mode, 3U);
  EXPECT_TRUE(randomx.flushes_denormals);
  EXPECT_FALSE(decode_fp_control("x86_64", 0x9f80).flushes_denormals) << "flush to zero without denormals are zero";
}

TEST(RandomX, ReadsFpcrWithTheSameNumbers) {
  EXPECT_EQ(decode_fp_control("aarch64", 0).rounding_mode, 0U);
  EXPECT_EQ(decode_fp_control("aarch64", 1U << 22).rounding_mode, 2U) << "RMode 01 rounds up";
  EXPECT_EQ(decode_fp_control("aarch64", 2U << 22).rounding_mode, 1U) << "RMode 10 rounds down";
  EXPECT_EQ(decode_fp_control("aarch64", 3U << 22).rounding_mode, 3U);
  EXPECT_TRUE(decode_fp_control("aarch64", 1U << 24).flushes_denormals);
}

TEST(RandomX, KnowsNothingOfOtherArchitectures) {
  EXPECT_EQ(decode_fp_control("riscv64", ~0U).rounding_mode, 0U);
  EXPECT_FALSE(decode_fp_control("riscv64", ~0U).flushes_denormals);
}

TEST(RandomX, KnowsItsAllocationsToTheByte) {
  EXPECT_EQ(randomx_allocation(2'181'042'176), "randomx.dataset");
  EXPECT_EQ(randomx_allocation(2'181'038'080), "randomx.dataset");
  EXPECT_EQ(randomx_allocation(268'439'552), "randomx.cache");
  EXPECT_EQ(randomx_allocation(268'435'456), "randomx.cache");
  EXPECT_EQ(randomx_allocation(2'101'248), "randomx.scratchpad");
  EXPECT_EQ(randomx_allocation(2'097'152), "randomx.scratchpad");
  EXPECT_EQ(randomx_allocation(2'097'153), std::nullopt);
}

TEST(RandomX, FindsItsCode) {
  const auto patterns = randomx_code_patterns(10);
  const auto matcher = match::PatternMatcher::create(patterns);
  ASSERT_TRUE(matcher);
  Bytes code = {0x90};
  for (const auto& pattern : patterns) code.insert(code.end(), pattern.bytes.begin(), pattern.bytes.end());
  std::vector<std::uint32_t> found;
  (*matcher)->scan(code, [&](std::uint32_t id, std::size_t) {
    found.push_back(id);
    return true;
  });
  EXPECT_EQ(found, (std::vector<std::uint32_t>{10, 11, 12, 13}));
}

}  // namespace
}  // namespace davy::mining

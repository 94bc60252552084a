#include "mining/blake2b.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace davy::mining {
namespace {

// 0, 1, 2, ... as many as wanted.
Bytes counting(std::size_t size) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  return bytes;
}

TEST(Blake2b, GivesTheDigestsOfTheRfc) {
  EXPECT_EQ(to_hex(blake2b(as_bytes("abc"), 64)),
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
  EXPECT_EQ(to_hex(blake2b({}, 64)),
            "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
            "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce");
}

TEST(Blake2b, IsRightAroundABlock) {
  EXPECT_EQ(to_hex(blake2b(counting(127), 32)), "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72");
  EXPECT_EQ(to_hex(blake2b(counting(128), 32)), "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1");
  EXPECT_EQ(to_hex(blake2b(counting(129), 32)), "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9");
  EXPECT_EQ(to_hex(blake2b(counting(256), 32)), "39a7eb9fedc19aabc83425c6755dd90e6f9d0c804964a1f4aaeea3b9fb599835");
  EXPECT_EQ(to_hex(blake2b(counting(300), 32)), "3a486e3fe3ee414853000269ac020030aeef748cb05cd62ba85939ec298ef25c");
}

TEST(Blake2b, TakesAPersonalisation) {
  Bytes person(as_bytes("ZcashPoW").begin(), as_bytes("ZcashPoW").end());
  append_u32_le(person, 200);
  append_u32_le(person, 9);
  Blake2bPersonalisation personalisation{};
  std::ranges::copy(person, personalisation.begin());
  Blake2b digest(50, personalisation);
  digest.update(as_bytes("header"));
  EXPECT_EQ(to_hex(digest.finish()),
            "918769606b0f41bbd61a72505afa036116f4fb90a5be0c9f694f4f0adc3110fa6c32ff5f166a75448a71ac47a1283145050d");
}

TEST(Blake2b, MayBeSplitAndCopied) {
  const Bytes all = counting(300);
  for (std::size_t split = 0; split <= all.size(); ++split) {
    Blake2b digest(32);
    digest.update(ByteView(all).first(split));
    Blake2b copy = digest;
    copy.update(ByteView(all).subspan(split));
    EXPECT_EQ(copy.finish(), blake2b(all, 32)) << split;
    EXPECT_EQ(digest.finish(), blake2b(ByteView(all).first(split), 32)) << split;
  }
}

}  // namespace
}  // namespace davy::mining

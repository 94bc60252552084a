#include "mining/share_proof.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

// A hash whose most significant eight bytes, which stand last, are these.
std::string hash_ending(const std::string& last) { return std::string(64 - last.size(), 'a') + last; }

TEST(CryptoNoteShare, ComparesTheLastBytesWithTheTarget) {
  // 0x00068db8 is a difficulty of about 10,000.
  for (const char* last : {"b88d0600", "b78d0600", "00000000", "ffff0500", "B88D0600"}) {
    const auto proof = prove_cryptonote_share("b88d0600", hash_ending(last));
    ASSERT_TRUE(proof) << last;
    EXPECT_TRUE(proof->valid) << last;
    EXPECT_FALSE(proof->recomputed);
    EXPECT_NEAR(proof->bits, 13.288, 0.001);
  }
  for (const char* last : {"b98d0600", "00000001", "00000700", "ffffffff"})
    EXPECT_FALSE(prove_cryptonote_share("b88d0600", hash_ending(last))->valid) << last;
}

TEST(CryptoNoteShare, TakesEightByteTargets) {
  const auto proof = prove_cryptonote_share("ffffffffff3f0000", hash_ending("ffffffffff3f0000"));
  ASSERT_TRUE(proof);
  EXPECT_TRUE(proof->valid);
  EXPECT_NEAR(proof->bits, 18.0, 1e-6);
  EXPECT_FALSE(prove_cryptonote_share("ffffffffff3f0000", hash_ending("0000000000400000"))->valid);
}

TEST(CryptoNoteShare, SaysThatAnEasyTargetProvesNothing) {
  EXPECT_LT(prove_cryptonote_share("ffffffff", hash_ending("00000000"))->bits, kTrivialBits);
  EXPECT_GE(prove_cryptonote_share("ffffffff", hash_ending("00000000"))->bits, 0.0);
}

TEST(CryptoNoteShare, RefusesMalformedTexts) {
  const std::string good = hash_ending("00000000");
  for (const char* target : {"", "b88d060", "b88d06000", "b88d06", "g88d0600", "00000000", "0000000000000000",
                             "0xb88d06", " 88d0600", "b88d0600b88d0600b88d0600"})
    EXPECT_FALSE(prove_cryptonote_share(target, good)) << target;
  for (const std::string& result : {std::string(), good.substr(1), good + "0", good + "00", "g" + good.substr(1)})
    EXPECT_FALSE(prove_cryptonote_share("b88d0600", result)) << result;
}

TEST(CryptoNoteDifficulty, IsTheExpectedNumberOfHashes) {
  EXPECT_NEAR(*cryptonote_difficulty("b88d0600"), 10'000.0, 0.1);
  EXPECT_NEAR(*cryptonote_difficulty("0000000000000100"), 65'536.0, 1e-6);
  EXPECT_FALSE(cryptonote_difficulty("00000000"));
  EXPECT_FALSE(cryptonote_difficulty("b88d06"));
}

TEST(TargetBits, CountsFromTheTop) {
  EXPECT_NEAR(*target_bits("00000000ffff0000000000000000000000000000000000000000000000000000"), 32.00002, 1e-4);
  EXPECT_NEAR(*target_bits("0x000000007fffffffffffffffffffffffffffffffffffffffffffffffffffffff"), 33.0, 1e-6);
  EXPECT_DOUBLE_EQ(*target_bits("0x100"), 248.0);
  for (const std::string& bad : {std::string(), std::string("0x"), std::string("0"), std::string(64, '0'),
                                 std::string(65, '1'), std::string("12x4")})
    EXPECT_FALSE(target_bits(bad)) << bad;
}

}  // namespace
}  // namespace davy::mining

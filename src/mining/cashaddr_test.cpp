#include "mining/cashaddr.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

TEST(Cashaddr, TakesTheVectorsOfTheSpecification) {
  const auto key = decode_cashaddr("bitcoincash", "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", kCashaddrAlphabet);
  ASSERT_TRUE(key);
  EXPECT_EQ(to_hex(*key), "0076a04053bda0a88bda5177b86a15c3b29f559873");
  const auto script = decode_cashaddr("bitcoincash", "ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq", kCashaddrAlphabet);
  ASSERT_TRUE(script);
  EXPECT_EQ((*script)[0], 8);
  EXPECT_EQ(decode_cashaddr("bitcoincash", "QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A", kCashaddrAlphabet), key);
}

TEST(Cashaddr, TakesConfluxLettersToo) {
  const auto account = decode_cashaddr("cfx", "aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg", kConfluxAlphabet);
  ASSERT_TRUE(account);
  EXPECT_EQ(account->size(), 21U);
  EXPECT_EQ((*account)[1] >> 4U, 1) << "a user's account";
}

TEST(Cashaddr, RefusesOtherPrefixesLettersAndLengths) {
  const std::string body = "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a";
  EXPECT_FALSE(decode_cashaddr("bchtest", body, kCashaddrAlphabet));
  EXPECT_FALSE(decode_cashaddr("bitcoincash", body, kConfluxAlphabet));
  EXPECT_FALSE(decode_cashaddr("bitcoincash", "Q" + body.substr(1), kCashaddrAlphabet));
  EXPECT_FALSE(decode_cashaddr("bitcoincash", body + "q", kCashaddrAlphabet));
  EXPECT_FALSE(decode_cashaddr("bitcoincash", "", kCashaddrAlphabet));
  EXPECT_FALSE(decode_cashaddr("bitcoincash", body.substr(0, 8), kCashaddrAlphabet));
  EXPECT_FALSE(decode_cashaddr("bitcoincash", std::string(1'000, 'q'), kCashaddrAlphabet));
}

}  // namespace
}  // namespace davy::mining

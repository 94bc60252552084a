#include "mining/bech32.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

TEST(Bech32, TakesTheVectorsOfBothProposals) {
  for (const char* text : {"A12UEL5L", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "?1ezyfcl"}) {
    ASSERT_TRUE(decode_bech32(text)) << text;
    EXPECT_FALSE(decode_bech32(text)->modified);
  }
  for (const char* text : {"A1LQFN3A", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "?1v759aa"}) {
    ASSERT_TRUE(decode_bech32(text)) << text;
    EXPECT_TRUE(decode_bech32(text)->modified);
  }
}

TEST(Bech32, RefusesTheInvalidVectors) {
  for (const char* text : {"pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "de1lg7wt\xff", "A1G7SGD8",
                           "10a06t8", "1qzzfhee", "a12UEL5L", "", "1"})
    EXPECT_FALSE(decode_bech32(text)) << text;
}

TEST(Segwit, TakesTheVectorsOfBothProposals) {
  const auto old = decode_segwit("bc", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->version, 0U);
  EXPECT_EQ(to_hex(old->program), "751e76e8199196d454941c45d1b3a323f1433bd6");
  const auto taproot = decode_segwit("bc", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0");
  ASSERT_TRUE(taproot);
  EXPECT_EQ(taproot->version, 1U);
  EXPECT_EQ(to_hex(taproot->program), "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
  EXPECT_EQ(decode_segwit("bc", "BC1SW50QGDZ25J")->version, 16U);
}

TEST(Segwit, RefusesTheInvalidVectors) {
  for (const char* text : {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",  // Bech32 for version 1
                           "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
                           "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",                        // Bech32m for version 0
                           "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",    // a character
                           "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",    // version 17
                           "bc1pw5dgrnzv",                                                      // one byte
                           "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",                              // version 0, 16 bytes
                           "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",  // five bits over
                           "bc1gmk9yu",                                                         // no program
                           "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"})                       // another network
    EXPECT_FALSE(decode_segwit("bc", text)) << text;
}

}  // namespace
}  // namespace davy::mining

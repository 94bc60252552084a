#include "mining/base58.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

TEST(Base58, DecodesThePublishedVectors) {
  EXPECT_EQ(as_text(*decode_base58("StV1DL6CwTryKyV")), "hello world");
  EXPECT_EQ(to_hex(*decode_base58("1111233QC4")), "00000000287fb4cd");
  EXPECT_EQ(to_hex(*decode_base58("11")), "0000");
}

TEST(Base58, RefusesWhatIsNoBase58) {
  for (const char* text : {"", "0", "O", "I", "l", "ab-cd", "ab cd", "\xff"}) EXPECT_FALSE(decode_base58(text)) << text;
  EXPECT_TRUE(decode_base58(std::string(kBase58CharactersMax, 'z')));
  EXPECT_FALSE(decode_base58(std::string(kBase58CharactersMax + 1, 'z')));
}

TEST(Base58, ChecksTheDoubleHash) {
  const auto payload = decode_base58check("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
  ASSERT_TRUE(payload);
  EXPECT_EQ(to_hex(*payload), "0062e907b15cbf27d5425399ebf6f0fb50ebb88f18");
  EXPECT_FALSE(decode_base58check("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"));
  EXPECT_FALSE(decode_base58check("111"));
}

TEST(MoneroBase58, RoundTripsEveryLength) {
  Bytes bytes;
  for (int length = 1; length <= 80; ++length) {
    bytes.push_back(static_cast<std::uint8_t>(255 - length));
    EXPECT_EQ(decode_monero_base58(encode_monero_base58(bytes)), bytes) << length;
  }
  EXPECT_EQ(encode_monero_base58(Bytes(8, 0xff)), "jpXCZedGfVQ");
}

TEST(MoneroBase58, RefusesImpossibleLengthsAndOverflow) {
  EXPECT_FALSE(decode_monero_base58("1"));
  EXPECT_FALSE(decode_monero_base58("1111"));
  EXPECT_FALSE(decode_monero_base58("jpXCZedGfVR")) << "one more than eight bytes hold";
  EXPECT_FALSE(decode_monero_base58("zzzzzzzzzzz"));
  EXPECT_FALSE(decode_monero_base58("5R")) << "256 does not fit one byte";
  EXPECT_TRUE(decode_monero_base58("5Q"));
}

}  // namespace
}  // namespace davy::mining

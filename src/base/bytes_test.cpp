#include "base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace davy {
namespace {

TEST(Bytes, ReadsStopAtTheEnd) {
  const Bytes bytes = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
  EXPECT_EQ(read_u16_le(bytes, 0), 0x0201);
  EXPECT_EQ(read_u16_be(bytes, 6), 0x0708);
  EXPECT_EQ(read_u32_le(bytes, 4), 0x08070605U);
  EXPECT_EQ(read_u32_be(bytes, 0), 0x01020304U);
  EXPECT_EQ(read_u64_le(bytes, 0), 0x0807060504030201U);
  EXPECT_FALSE(read_u16_le(bytes, 7));
  EXPECT_FALSE(read_u64_le(bytes, 1));
  EXPECT_FALSE(read_u32_le(bytes, std::numeric_limits<std::size_t>::max() - 1));
  EXPECT_FALSE(read_u16_be({}, 0));
}

TEST(Bytes, AppendedIntegersReadBack) {
  Bytes out;
  append_u32_le(out, 0xdeadbeef);
  append_u64_le(out, 0x0123456789abcdef);
  EXPECT_EQ(out.size(), 12U);
  EXPECT_EQ(read_u32_le(out, 0), 0xdeadbeef);
  EXPECT_EQ(read_u64_le(out, 4), 0x0123456789abcdefU);
}

TEST(Bytes, HexadecimalRoundTrip) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0xaf, 0xff}), "00afff");
  EXPECT_EQ(from_hex("00AFff").value(), (Bytes{0x00, 0xaf, 0xff}));
  EXPECT_TRUE(from_hex("").value().empty());
  EXPECT_EQ(from_hex("0").error().code, ErrorCode::malformed);
  EXPECT_EQ(from_hex("0g").error().code, ErrorCode::malformed);
  EXPECT_EQ(from_hex(std::string("0\0", 2)).error().code, ErrorCode::malformed);
}

TEST(Bytes, Base32VectorsOfRfc4648) {
  EXPECT_EQ(to_base32({}), "");
  EXPECT_EQ(to_base32(as_bytes("f")), "MY");
  EXPECT_EQ(to_base32(as_bytes("fo")), "MZXQ");
  EXPECT_EQ(to_base32(as_bytes("foo")), "MZXW6");
  EXPECT_EQ(to_base32(as_bytes("foob")), "MZXW6YQ");
  EXPECT_EQ(to_base32(as_bytes("fooba")), "MZXW6YTB");
  EXPECT_EQ(to_base32(as_bytes("foobar")), "MZXW6YTBOI");
}

TEST(Bytes, EntropyBetweenNothingAndEight) {
  EXPECT_EQ(entropy_bits_per_byte({}), 0.0);
  EXPECT_EQ(entropy_bits_per_byte(Bytes(1000, 7)), 0.0);
  Bytes every(256);
  for (std::size_t i = 0; i < every.size(); ++i) every[i] = static_cast<std::uint8_t>(i);
  EXPECT_DOUBLE_EQ(entropy_bits_per_byte(every), 8.0);
}

}  // namespace
}  // namespace davy

#include "mining/number256.h"

#include <gtest/gtest.h>

#include <cmath>

namespace davy::mining {
namespace {

TEST(Number256, ReadsUpToSixtyFourDigits) {
  EXPECT_EQ(parse_number256("0"), Number256{});
  const auto one = parse_number256("0x1");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->back(), 1);
  EXPECT_EQ(parse_number256("1"), one);
  EXPECT_EQ(parse_number256(std::string(63, '0') + "1"), one);
  EXPECT_EQ(parse_number256(std::string(64, 'f'))->front(), 0xff);
  EXPECT_EQ(parse_number256("Ff"), parse_number256("fF"));
}

TEST(Number256, RefusesEverythingElse) {
  for (const std::string& text : {std::string(), std::string("0x"), std::string("0x0x1"), std::string("1g"),
                                  std::string(" 1"), std::string("-1"), std::string(65, '0'), std::string("1\0", 2)})
    EXPECT_FALSE(parse_number256(text)) << text;
}

TEST(Number256, ComparesAsNumbers) {
  EXPECT_LT(*parse_number256("ff"), *parse_number256("100"));
  EXPECT_LT(*parse_number256("01ff"), *parse_number256("0200"));
  std::array<std::uint8_t, 32> digest{};
  digest[0] = 7;
  EXPECT_EQ(number_of_digest(digest), parse_number256("7"));
}

TEST(Number256, KnowsHowRareItIs) {
  EXPECT_DOUBLE_EQ(approximate(*parse_number256("0x010203")), 66051.0);
  EXPECT_DOUBLE_EQ(bits_of_target(*parse_number256("1")), 256.0);
  EXPECT_NEAR(bits_of_target(*parse_number256(std::string(64, 'f'))), 0.0, 1e-9);
  EXPECT_TRUE(std::isinf(bits_of_target(Number256{})));
}

}  // namespace
}  // namespace davy::mining

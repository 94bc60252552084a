#include "mining/memory_scanner.h"

#include <gtest/gtest.h>

#include "mining/randomx.h"

namespace davy::mining {
namespace {

Json constants() {
  return *Json::parse(R"({"families":[
    {"family":"one","minimum_distinct":2,"weak":false,"source":"s","constants":[{"name":"a","hex":"0011223344556677"},{"name":"b","hex":"8899aabbccddeeff"}]},
    {"family":"two","minimum_distinct":1,"weak":true,"source":"s","constants":[{"name":"c","hex":"0123456789ab"}]}]})");
}

Bytes bytes(std::string_view hex) { return *from_hex(hex); }

TEST(MemoryScanner, CountsDistinctConstantsOverAllWindows) {
  const auto scanner = MemoryScanner::create(constants());
  ASSERT_TRUE(scanner.has_value());
  const Bytes first = bytes("ff0011223344556677ff0011223344556677"), second = bytes("8899aabbccddeeff");
  const std::vector<MemoryWindow> windows = {{MemoryWindow::Kind::file_data, first},
                                             {MemoryWindow::Kind::anonymous_data, second}};
  const auto marks = scanner->scan(windows);
  ASSERT_EQ(marks.families.size(), 1U);
  EXPECT_EQ(marks.families[0].distinct, 2U);
}

TEST(MemoryScanner, MachineCodeCountsOnlyInAnonymousCode) {
  const auto scanner = MemoryScanner::create(constants());
  const Bytes code = bytes("9025006000000dc09f000090");
  EXPECT_EQ(scanner->scan(std::vector<MemoryWindow>{{MemoryWindow::Kind::anonymous_code, code}}).randomx_code, 1U);
  EXPECT_EQ(scanner->scan(std::vector<MemoryWindow>{{MemoryWindow::Kind::file_data, code}}).randomx_code, 0U);
}

TEST(MemoryScanner, TextCountsOnlyInWritableMemory) {
  const auto scanner = MemoryScanner::create(constants());
  const std::string_view text = R"({"id":1,"method":"mining.subscribe","params":[]})";
  EXPECT_EQ(scanner->scan(std::vector<MemoryWindow>{{MemoryWindow::Kind::anonymous_data, as_bytes(text)}}).texts.size(),
            1U);
  EXPECT_TRUE(scanner->scan(std::vector<MemoryWindow>{{MemoryWindow::Kind::file_data, as_bytes(text)}}).texts.empty());
}

TEST(ProofConstants, RefusesFamiliesThatCouldNeverCount) {
  EXPECT_FALSE(ProofConstants::parse(*Json::parse(
      R"({"families":[{"family":"x","minimum_distinct":2,"constants":[{"name":"a","hex":"001122334455"}]}]})")));
  EXPECT_FALSE(ProofConstants::parse(
      *Json::parse(R"({"families":[{"family":"x","minimum_distinct":1,"constants":[{"name":"a","hex":"0011"}]}]})")));
}

TEST(RandomX, ReadsBothKindsOfControlWord) {
  EXPECT_EQ(decode_fp_control("x86_64", 0x1f80).rounding_mode, 0U);
  EXPECT_EQ(decode_fp_control("x86_64", 0x1f80 | 0x6000).rounding_mode, 3U);
  EXPECT_TRUE(decode_fp_control("x86_64", 0x9fc0).flushes_denormals);
  EXPECT_EQ(decode_fp_control("aarch64", 1U << 22).rounding_mode, 2U);
  EXPECT_EQ(decode_fp_control("aarch64", 2U << 22).rounding_mode, 1U);
}

TEST(RandomX, KnowsItsSizesToTheByte) {
  EXPECT_EQ(randomx_allocation(2'181'042'176), "randomx.dataset");
  EXPECT_EQ(randomx_allocation(268'439'552), "randomx.cache");
  EXPECT_EQ(randomx_allocation(2'097'152), "randomx.scratchpad");
  EXPECT_EQ(randomx_allocation(268'435'457), std::nullopt);
}

}  // namespace
}  // namespace davy::mining

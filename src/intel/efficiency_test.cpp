#include "intel/efficiency.h"

#include <gtest/gtest.h>

namespace davy::intel {
namespace {

Result<Efficiencies> parsed(std::string_view text) { return Efficiencies::parse(Json::parse(text).value()); }

constexpr std::string_view kTwo = R"({"algorithms":[
  {"algorithms":["rx"],"coins":["monero"],"low":9,"high":113,"source":"a table"},
  {"algorithms":["sha256d"],"coins":["bitcoin"],"low":1e10,"high":7e10,"source":"data sheets"}]})";

TEST(Efficiency, ByTheBeginningOfTheAlgorithm) {
  const auto known = parsed(kTwo);
  ASSERT_TRUE(known);
  const Efficiency* found = known->find("rx/wow", "wownero");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->hashes_per_joule_low, 9.0);
  EXPECT_EQ(found->hashes_per_joule_high, 113.0);
}

TEST(Efficiency, TheCoinServesOnlyWithoutAnAlgorithm) {
  const auto known = parsed(kTwo);
  ASSERT_TRUE(known);
  EXPECT_NE(known->find("", "bitcoin"), nullptr);
  EXPECT_EQ(known->find("scrypt", "bitcoin"), nullptr);
  EXPECT_EQ(known->find("", ""), nullptr);
}

TEST(Efficiency, WhatIsNoRangeOrHasNoSourceIsRefused) {
  for (const char* entry :
       {R"({"algorithms":["rx"],"low":0,"high":1,"source":"s"})",
        R"({"algorithms":["rx"],"low":2,"high":1,"source":"s"})", R"({"algorithms":["rx"],"low":1,"high":2})",
        R"({"algorithms":[],"low":1,"high":2,"source":"s"})", R"({"algorithms":[""],"low":1,"high":2,"source":"s"})"})
    EXPECT_FALSE(parsed(R"({"algorithms":[)" + std::string(entry) + "]}")) << entry;
}

TEST(Efficiency, TooManyEntries) {
  Json list = Json::array();
  for (std::size_t i = 0; i <= kEfficienciesMax; ++i) list.push(Json::object());
  Json part = Json::object();
  part.set("algorithms", std::move(list));
  EXPECT_EQ(Efficiencies::parse(part).error().code, ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace davy::intel

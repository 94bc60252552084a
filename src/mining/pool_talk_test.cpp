#include "mining/pool_talk.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

TEST(PoolTalk, FactsArePrintableAndShort) {
  EXPECT_EQ(fact_text("miner/1\x1b[2J"), "miner/1?[2J");
  std::string wide;
  for (int i = 0; i < 200; ++i) wide += "\u6316";
  EXPECT_EQ(fact_text(wide).size(), 255U) << "whole characters of three bytes";
  EXPECT_LE(fact_text(std::string(300, '\xff')).size(), kFactBytesMax);
}

TEST(PoolTalk, HexadecimalOnly) {
  EXPECT_TRUE(is_hex(std::string_view("0xAb"), 2, 2));
  EXPECT_TRUE(is_hex(std::string_view(""), 0, 4));
  EXPECT_FALSE(is_hex(std::string_view("abc"), 4, 8));
  EXPECT_FALSE(is_hex(std::string_view("abcg"), 4, 8));
  EXPECT_FALSE(is_hex(Json(12), 0, 8));
  EXPECT_EQ(hex_digits("0xAbF9"), "abf9");
}

TEST(PoolTalk, TargetsAreHashes) {
  EXPECT_DOUBLE_EQ(hashes_of_target("0x01" + std::string(62, '0')), 256.0);
  EXPECT_EQ(hashes_of_target("0"), 0.0);
  EXPECT_EQ(hashes_of_target("x"), 0.0);
}

TEST(PoolTalk, RepliesMeetRequestsInOrder) {
  RequestTable requests;
  requests.add(Json(1), {1});
  requests.add(Json(1), {2});
  requests.add(Json(), {3});
  EXPECT_EQ(requests.take(Json("1"))->kind, 1);
  EXPECT_EQ(requests.take(Json(1))->kind, 2);
  EXPECT_FALSE(requests.take(Json(1)));
  EXPECT_FALSE(requests.take(Json()));
}

TEST(PoolTalk, RequestsAreBounded) {
  RequestTable requests;
  for (int id = 0; id <= static_cast<int>(kRequestsKeptMax); ++id) requests.add(Json(id), {1});
  EXPECT_FALSE(requests.take(Json(0)));
  EXPECT_TRUE(requests.take(Json(1)));
}

TEST(PoolTalk, JobsAreBoundedInNumberAndBytes) {
  JobShelf<int> jobs;
  for (int id = 0; id <= static_cast<int>(kJobsKeptMax); ++id) jobs.keep(std::to_string(id), id, 1);
  EXPECT_EQ(jobs.find("0"), nullptr);
  ASSERT_NE(jobs.find("1"), nullptr);
  jobs.keep("large", 99, kJobBytesMax - 10);
  EXPECT_EQ(jobs.find("1"), nullptr);
  ASSERT_NE(jobs.find("large"), nullptr);
  jobs.keep("too large", 100, kJobBytesMax + 1);
  EXPECT_EQ(jobs.find("too large"), nullptr);
  jobs.keep("large", 101, 1);
  EXPECT_EQ(*jobs.find("large"), 101) << "the newest of one id";
}

TEST(PoolTalk, SharesAreToldApart) {
  ShareMemory shares;
  EXPECT_TRUE(shares.remember("a", "bc"));
  EXPECT_FALSE(shares.remember("a", "bc"));
  EXPECT_TRUE(shares.remember("ab", "c"));
  for (std::size_t i = 0; i < kSharesRememberedMax; ++i) EXPECT_TRUE(shares.remember("j", std::to_string(i)));
  EXPECT_TRUE(shares.remember("a", "bc")) << "forgotten";
}

TEST(PoolTalk, AccountsHaveParts) {
  EXPECT_EQ(split_account("w.x").worker, "x");
  EXPECT_EQ(split_account("w+100.x").wallet, "w");
  EXPECT_EQ(split_account("w+100.x").worker, "x");
  EXPECT_EQ(split_account("w/x/mail").worker, "x");
  EXPECT_EQ(split_account("w~rx/0").worker, "");
  EXPECT_EQ(split_account("w.0123456789abcdef.x").worker, "x");
  EXPECT_EQ(split_account("").wallet, "");
}

}  // namespace
}  // namespace davy::mining

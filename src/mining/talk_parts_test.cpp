#include "mining/talk_parts.h"

#include "mining/talk_test_parts.h"

namespace davy::mining::talk {
namespace {

TEST(TalkParts, KnowsHexadecimalAndBase64) {
  EXPECT_TRUE(is_hex_digits("00fF", 4, 4));
  EXPECT_FALSE(is_hex_digits("00f", 2, 4)) << "half a byte";
  EXPECT_FALSE(is_hex_digits("00fg", 4, 4));
  EXPECT_FALSE(is_hex_digits("00ff", 6, 8));
  EXPECT_TRUE(is_0x_hex(Json("0x00ff"), 4, 4));
  EXPECT_FALSE(is_0x_hex(Json(4), 0, 4));
  EXPECT_TRUE(is_base64(Json("QUJD"), 4, 8));
  EXPECT_TRUE(is_base64(Json("QQ=="), 4, 8));
  EXPECT_FALSE(is_base64(Json("QUJ"), 1, 8));
  EXPECT_FALSE(is_base64(Json("Q==="), 4, 8));
}

TEST(TalkParts, TakesTargetsApart) {
  EXPECT_EQ(path_of("/a/b?x=/c"), "/a/b");
  EXPECT_EQ(last_segment("/a/b?x=/c"), "b");
  EXPECT_EQ(last_segment("nothing"), "");
  EXPECT_EQ(query_value("/a?xy=1&y=2&z", "y"), "2");
  EXPECT_EQ(query_value("/a?xy=1", "y"), "");
  EXPECT_EQ(query_value("/a", "y"), "");
}

TEST(TalkParts, BoundsTexts) {
  EXPECT_EQ(fact_text(std::string(1'000, 'a')).size(), kFactBytesMax);
  EXPECT_LE(fact_text(std::string(1'000, '\xff')).size(), kFactBytesMax);
  EXPECT_EQ(fact_text("a\x1b[1m"), "a?[1m");
}

TEST(TalkParts, AnswersRequestsByIdOrInOrder) {
  PendingRequests pending;
  pending.note(Json(1), 10);
  pending.note(Json("a"), 20);
  pending.note(Json(), 30);
  EXPECT_EQ(pending.take(Json("a"), false), 20);
  EXPECT_EQ(pending.take(Json("a"), false), std::nullopt);
  EXPECT_EQ(pending.take(Json(), false), std::nullopt);
  EXPECT_EQ(pending.take(Json(), true), 10);
  EXPECT_EQ(pending.take(Json(5), true), 30);
}

TEST(TalkParts, ForgetsTheOldestRequestAndShare) {
  PendingRequests pending;
  for (int i = 0; i <= static_cast<int>(kRequestsKeptMax); ++i) pending.note(Json(i), i);
  EXPECT_EQ(pending.take(Json(0), false), std::nullopt);
  EXPECT_EQ(pending.take(Json(1), false), 1);
  DistinctShares shares;
  EXPECT_TRUE(shares.is_new("job", "0"));
  EXPECT_FALSE(shares.is_new("job", "0"));
  EXPECT_TRUE(shares.is_new("jo", "b0"));
  for (std::size_t i = 0; i < kSharesRememberedMax; ++i) shares.is_new("other", std::to_string(i));
  EXPECT_TRUE(shares.is_new("job", "0")) << "forgotten";
}

TEST(TalkParts, KeepsTheNewestJobs) {
  ConversationFacts facts;
  CryptonoteWork work(facts);
  const auto job = [](std::size_t id) {
    return Json::object().set("job_id", id).set("blob", digits(152)).set("target", "ffff0000");
  };
  for (std::size_t i = 0; i <= kJobsKeptMax; ++i) work.note_job(job(i));
  const auto share = [](int id) {
    return Json::object().set("job_id", id).set("nonce", "00000000").set("result", digits(56) + "10000000");
  };
  work.note_share(share(0), {});
  work.note_share(share(1), {});
  EXPECT_EQ(facts.jobs, kJobsKeptMax + 1);
  EXPECT_EQ(facts.shares.unchecked, 1U) << "of the job that was forgotten";
  EXPECT_EQ(facts.shares.valid, 1U);
}

}  // namespace
}  // namespace davy::mining::talk

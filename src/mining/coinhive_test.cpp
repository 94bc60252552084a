#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

const std::string kBlob = "0707" + digits(148);
// Under 2^32 / 256: the last four bytes of the result, little endian, are 0x00000010.
const std::string kResult = digits(56) + "10000000";
const std::string kBadResult = digits(64, 'f');

std::string job(std::string_view id) {
  return R"({"type":"job","params":{"job_id":")" + std::string(id) + R"(","blob":")" + kBlob +
         R"(","target":"ffffff00"}})";
}

std::string submit(std::string_view id, std::string_view nonce, std::string_view result) {
  return R"({"params":{"result":")" + std::string(result) + R"(","nonce":")" + std::string(nonce) + R"(","job_id":")" +
         std::string(id) + R"("},"type":"submit"})";
}

constexpr std::string_view kAuth =
    R"({"type":"auth","params":{"site_key":"SiteKey0123456789","type":"anonymous","user":"reader","goal":0}})";

TEST(Coinhive, FollowsAWholeConversation) {
  TestExchange talk(create_coinhive_dialect());
  EXPECT_EQ(talk.client(kAuth), Fit::fits);
  EXPECT_EQ(talk.server(R"({"type":"authed","params":{"token":"","hashes":0}})"), Fit::fits);
  EXPECT_EQ(talk.server(job("1")), Fit::fits);
  EXPECT_EQ(talk.client(submit("1", "0000aaaa", kResult)), Fit::fits);
  EXPECT_EQ(talk.server(R"({"type":"hash_accepted","params":{"hashes":256}})"), Fit::fits);
  EXPECT_EQ(talk.client(submit("1", "0000aaab", kBadResult)), Fit::fits);
  EXPECT_EQ(talk.server(R"({"type":"error","params":{"error":"low difficulty"}})"), Fit::neutral);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.dialect, "coinhive");
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.coin, "monero");
  EXPECT_EQ(facts.account, "SiteKey0123456789");
  EXPECT_EQ(facts.worker, "reader");
  EXPECT_TRUE(facts.client_greeted && facts.server_agreed && facts.both_sides());
  EXPECT_EQ(facts.jobs, 1U);
  EXPECT_EQ(facts.misfits, 0U);
}

TEST(Coinhive, ChecksShares) {
  TestExchange talk(create_coinhive_dialect());
  talk.server(job("1"));
  talk.client(submit("1", "0000aaaa", kResult));
  talk.server(R"({"type":"hash_accepted","params":{"hashes":256}})");
  talk.client(submit("1", "0000aaaa", kResult));  // repeated
  talk.client(submit("1", "0000aaab", kBadResult));
  talk.client(submit("unseen", "0000aaac", kResult));
  const ShareFacts& shares = talk.facts().shares;
  EXPECT_EQ(shares.sent, 4U);
  EXPECT_EQ(shares.accepted, 1U);
  EXPECT_EQ(shares.valid, 1U);
  EXPECT_EQ(shares.invalid, 1U);
  EXPECT_EQ(shares.unchecked, 1U);
  EXPECT_NEAR(shares.expected_hashes, 256, 1);
  EXPECT_EQ(shares.bits, 0.0) << "8 bits are trivial";
  EXPECT_EQ((shares.last_at - shares.first_at), std::chrono::seconds(4));
}

TEST(Coinhive, SumsTheBitsOfTargetsThatAreNotTrivial) {
  TestExchange talk(create_coinhive_dialect());
  talk.server(R"({"type":"job","job_id":"7","target":"ffff0000","blob":")" + kBlob + R"(","algo":"cn/r"})");
  talk.client(submit("7", "00000001", kResult));
  EXPECT_NEAR(talk.facts().shares.bits, 16.0, 0.01);
  EXPECT_EQ(talk.facts().algorithm, "cn/r");
}

TEST(Coinhive, IsKnownInMidStreamAndWithMembersBesideTheType) {
  TestExchange talk(create_coinhive_dialect());
  EXPECT_EQ(talk.client(R"({"type":"submit","job_id":"9","nonce":"0000aaaa","result":")" + kResult + R"("})"),
            Fit::fits);
  EXPECT_EQ(talk.server(R"({"type":"hash_accepted","hashes":512})"), Fit::fits);
  EXPECT_EQ(talk.facts().role, Role::pool);
  EXPECT_EQ(talk.facts().shares.unchecked, 1U);
}

TEST(Coinhive, TakesAWalletAsSiteKey) {
  TestExchange talk(create_coinhive_dialect());
  const std::string wallet =
      "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";
  talk.client(R"({"type":"auth","params":{"site_key":")" + wallet + R"(.page","type":"anonymous","user":null}})");
  EXPECT_EQ(talk.facts().wallet, wallet);
  EXPECT_EQ(talk.facts().wallet_coin, "monero");
}

TEST(Coinhive, LeavesOtherProgramsAlone) {
  TestExchange talk(create_coinhive_dialect());
  for (const char* text :
       {R"({"type":"auth","token":"abc"})", R"({"type":"auth","params":{"site_key":"abc"}})",
        R"({"type":"auth","access_token":"x","user":"u"})", R"({"type":"submit","params":{"form":1}})",
        R"({"type":"submit","job_id":"1","nonce":"zz","result":"done"})", R"({"type":"verify","params":{"code":"1"}})",
        R"({"type":"error","error":"no"})", R"({"type":7})", R"([1,2])", R"("auth")"})
    EXPECT_EQ(talk.client(text), Fit::none) << text;
  for (const char* text :
       {R"({"type":"authed","params":{"user":"a"}})", R"({"type":"job","params":{"job_id":"1","state":"queued"}})",
        R"({"type":"job","params":{"job_id":"1","blob":"aGVsbG8=","target":"web"}})",
        R"({"type":"error","params":{"error":"invalid"}})", R"({"type":"banned"})"})
    EXPECT_EQ(talk.server(text), Fit::none) << text;
  EXPECT_EQ(talk.fits(), 0U);
  EXPECT_EQ(talk.facts().role, Role::none);
}

}  // namespace
}  // namespace davy::mining

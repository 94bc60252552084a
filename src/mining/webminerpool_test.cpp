#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

constexpr const char* kMonero =
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";
const std::string kHandshake = std::string(R"({"identifier":"handshake","pool":"pool.test","login":")") + kMonero +
                               R"(","password":"x","userid":"visitor","version":7})";
const std::string kJob = R"({"identifier":"job","job_id":"j1","algo":"cn","variant":4,"height":1,"blob":")" +
                         digits(152) + R"(","target":"ffff0000"})";
const std::string kSolved =
    R"({"identifier":"solved","job_id":"j1","nonce":"01020304","result":")" + digits(56) + R"(10000000"})";

TEST(Webminerpool, FollowsAWholeConversation) {
  TestExchange talk(create_webminerpool_dialect());
  EXPECT_EQ(talk.client(kHandshake), Fit::fits);
  EXPECT_EQ(talk.server(kJob), Fit::fits);
  EXPECT_EQ(talk.client(kSolved), Fit::fits);
  EXPECT_EQ(talk.server(R"({"identifier":"hashsolved"})"), Fit::fits);
  EXPECT_EQ(talk.server(R"({"identifier":"warning","param":"slow"})"), Fit::neutral);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.coin, "monero");
  EXPECT_EQ(facts.wallet, kMonero);
  EXPECT_EQ(facts.worker, "visitor");
  EXPECT_EQ(facts.algorithm, "cn");
  EXPECT_EQ(facts.shares.valid, 1U);
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_NEAR(facts.shares.bits, 16.0, 0.01);
  EXPECT_NEAR(facts.shares.expected_hashes, 65'537, 2);
  EXPECT_TRUE(facts.client_greeted && facts.server_agreed);
}

TEST(Webminerpool, IsKnownInMidStreamAndByALoginId) {
  TestExchange talk(create_webminerpool_dialect());
  EXPECT_EQ(talk.client(kSolved), Fit::fits);
  EXPECT_EQ(talk.server(R"({"identifier":"error","param":"rejected"})"), Fit::neutral);
  EXPECT_EQ(talk.facts().shares.rejected, 1U);
  TestExchange other(create_webminerpool_dialect());
  EXPECT_EQ(other.client(R"({"version":8,"loginid":"abc","userid":"","identifier":"handshake"})"), Fit::fits);
  EXPECT_EQ(other.facts().account, "abc");
}

TEST(Webminerpool, LeavesChannelsAndOtherIdentifiersAlone) {
  TestExchange talk(create_webminerpool_dialect());
  for (const char* text :
       {R"({"command":"subscribe","identifier":"{\"channel\":\"ChatChannel\"}"})",
        R"({"identifier":"{\"channel\":\"ChatChannel\"}","message":{"text":"hi"}})", R"({"identifier":"handshake"})",
        R"({"identifier":"handshake","version":7})", R"({"identifier":"handshake","pool":"a","login":"b"})",
        R"({"identifier":"solved","job_id":"1","result":"42"})", R"({"identifier":12})"})
    EXPECT_EQ(talk.client(text), Fit::none) << text;
  for (const char* text :
       {R"({"identifier":"{\"channel\":\"ChatChannel\"}","type":"confirm_subscription"})",
        R"({"identifier":"job","job_id":"1","title":"Engineer"})", R"({"identifier":"error","param":"x"})"})
    EXPECT_EQ(talk.server(text), Fit::none) << text;
  EXPECT_EQ(talk.fits(), 0U);
}

}  // namespace
}  // namespace davy::mining

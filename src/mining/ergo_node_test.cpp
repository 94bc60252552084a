#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

std::string candidate() {
  return R"({"msg":")" + digits(64) +
         R"(","b":748014723576678314041035877227113663879264849498014394977645987,"h":900000,"pk":")" + "03" +
         digits(64) + R"(","proof":null})";
}

TEST(ErgoNode, FollowsSoloMining) {
  TestExchange talk(create_ergo_node_dialect());
  talk.http.user_agent = "miner/1";
  EXPECT_EQ(talk.request("GET", "/mining/candidate"), Fit::neutral);
  EXPECT_EQ(talk.reply(candidate()), Fit::fits);
  EXPECT_EQ(talk.request("POST", "/mining/solution", R"({"n":"0000000000003105"})"), Fit::fits);
  EXPECT_EQ(talk.reply("", 200), Fit::neutral);
  EXPECT_EQ(talk.request("POST", "/mining/solution", R"({"n":"0000000000003106"})"), Fit::fits);
  EXPECT_EQ(talk.reply(R"({"error":400,"reason":"bad.request","detail":"x"})", 400), Fit::neutral);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.role, Role::solo);
  EXPECT_EQ(facts.coin, "ergo");
  EXPECT_EQ(facts.agent, "miner/1");
  EXPECT_EQ(facts.client_fits, 3U);
  EXPECT_EQ(facts.server_fits, 1U);
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_EQ(facts.shares.rejected, 1U);
  EXPECT_NEAR(facts.shares.expected_hashes, 1.548e14, 1e12);
}

TEST(ErgoNode, LeavesPathsWithAnotherStructureAlone) {
  TestExchange talk(create_ergo_node_dialect());
  EXPECT_EQ(talk.request("GET", "/mining/candidate"), Fit::neutral);
  EXPECT_EQ(talk.reply(R"({"msg":"no such candidate","b":1})"), Fit::neutral);
  EXPECT_EQ(talk.request("POST", "/mining/solution", R"({"n":"dig deeper"})"), Fit::none);
  EXPECT_EQ(talk.request("POST", "/solution", R"({"n":"0000000000003105"})"), Fit::none);
  EXPECT_EQ(talk.request("GET", "/candidates"), Fit::none);
  EXPECT_EQ(talk.fits(), 0U);
}

}  // namespace
}  // namespace davy::mining

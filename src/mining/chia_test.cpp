#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

const std::string kLauncher = "0x" + digits(64);

std::string farmer() {
  return R"({"payload":{"launcher_id":")" + kLauncher + R"(","authentication_token":5,"authentication_public_key":")" +
         digits(96) + R"(","payout_instructions":"xch1abc","suggested_difficulty":null},"signature":")" + digits(192) +
         R"("})";
}

std::string partial() {
  return R"({"payload":{"launcher_id":")" + kLauncher +
         R"(","authentication_token":5,"proof_of_space":{"challenge":"0x)" + digits(64) + R"(","plot_public_key":"0x)" +
         digits(96) + R"(","size":32,"proof":"0x)" + digits(512) + R"("},"sp_hash":"0x)" + digits(64) +
         R"(","end_of_sub_slot":false,"harvester_id":"0x)" + digits(64) + R"("},"aggregate_signature":"0x)" +
         digits(192) + R"("})";
}

TEST(Chia, FollowsAWholeConversation) {
  TestExchange talk(create_chia_dialect());
  talk.http.user_agent = "farmer/2";
  EXPECT_EQ(talk.request("GET", "/pool_info"), Fit::neutral);
  EXPECT_EQ(talk.reply(R"({"name":"p","minimum_difficulty":1,"relative_lock_height":32,"protocol_version":1,)"
                       R"("fee":"0.01","target_puzzle_hash":")" +
                       digits(64) + R"("})"),
            Fit::fits);
  EXPECT_EQ(talk.request("POST", "/farmer", farmer()), Fit::fits);
  EXPECT_EQ(talk.reply(R"({"welcome_message":"hello"})"), Fit::fits);
  EXPECT_EQ(talk.request("POST", "/partial", partial()), Fit::fits);
  EXPECT_EQ(talk.reply(R"({"new_difficulty":10})"), Fit::fits);
  EXPECT_EQ(talk.request("POST", "/partial", partial()), Fit::fits);
  EXPECT_EQ(talk.reply(R"({"error_code":5,"error_message":"too late"})"), Fit::fits);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.coin, "chia");
  EXPECT_EQ(facts.account, "xch1abc");
  EXPECT_EQ(facts.worker, kLauncher);
  EXPECT_EQ(facts.agent, "farmer/2");
  EXPECT_EQ(facts.client_fits, 4U);
  EXPECT_EQ(facts.server_fits, 4U);
  EXPECT_EQ(facts.shares.sent, 2U);
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_EQ(facts.shares.rejected, 1U);
}

TEST(Chia, KnowsAFarmerByItsQuery) {
  TestExchange talk(create_chia_dialect());
  EXPECT_EQ(
      talk.request("GET", "/v1/farmer?launcher_id=" + digits(64) + "&authentication_token=5&signature=" + digits(192)),
      Fit::fits);
  EXPECT_EQ(talk.reply(R"({"authentication_public_key":"00","current_difficulty":1,"current_points":2})"), Fit::fits);
}

TEST(Chia, LeavesPathsWithAnotherStructureAlone) {
  TestExchange talk(create_chia_dialect());
  talk.request("GET", "/farmer?name=jo");
  EXPECT_EQ(talk.reply(R"({"name":"Jo","acres":40})"), Fit::none);
  talk.request("POST", "/farmer", R"({"payload":{"name":"Jo"},"signature":"J."})");
  EXPECT_EQ(talk.reply(R"({"welcome_message":"hello"})"), Fit::none);
  talk.request("POST", "/partial", R"({"template":"header","payload":{"launcher_id":"main"}})");
  EXPECT_EQ(talk.reply(R"({"new_difficulty":10})"), Fit::none);
  talk.request("GET", "/pool_info");
  EXPECT_EQ(talk.reply(R"({"size":10,"idle":4,"protocol_version":1})"), Fit::neutral) << "a pool of connections";
  EXPECT_EQ(talk.fits(), 0U);
}

}  // namespace
}  // namespace davy::mining

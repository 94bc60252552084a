#include <gtest/gtest.h>

#include "mining/test_talk.h"

namespace davy::mining {
namespace {

const std::string kWallet(64, 'b');

std::string login(const std::string& key) {
  return R"({"method":"login","api_key":")" + key + R"(","id":"login","jsonrpc":"2.0"})";
}
// Difficulty: exponent 4, mantissa a half: 24 hashes.
const std::string kJob = R"({"jsonrpc":"2.0","id":"8","method":"job","input":")" + std::string(64, '5') +
                         R"(","difficulty":75497472,"height":1000000})";
std::string solution(const std::string& id, const std::string& nonce) {
  return R"({"method":"solution","id":")" + id + R"(","nonce":")" + nonce + R"(","output":")" + std::string(208, 'e') +
         R"(","jsonrpc":"2.0"})";
}
std::string result(const std::string& id, int code) {
  return R"({"id":")" + id + R"(","method":"result","code":)" + std::to_string(code) + R"(,"description":"said"})";
}

TEST(Beam, FollowsAConversation) {
  TestTalk talk(create_beam_dialect());
  EXPECT_EQ(talk.client(login(kWallet + ".rig")), Fit::neutral);
  EXPECT_EQ(talk.server(R"({"id":"login","method":"result","code":0,"description":"Login successful",)"
                        R"("nonceprefix":"00ab","forkheight":777777})"),
            Fit::fits);
  EXPECT_EQ(talk.server(kJob), Fit::fits);
  EXPECT_EQ(talk.client(solution("8", "00000000000000aa")), Fit::fits);
  EXPECT_EQ(talk.server(result("8", 1)), Fit::fits);
  EXPECT_EQ(talk.client(solution("8", "00000000000000bb")), Fit::fits);
  EXPECT_EQ(talk.server(result("8", 3)), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":"8","method":"cancel","jsonrpc":"2.0"})"), Fit::neutral);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.dialect, "beam");
  EXPECT_EQ(facts.coin, "beam");
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.worker, "rig");
  EXPECT_EQ(facts.client_fits, 3U);
  EXPECT_EQ(facts.jobs, 1U);
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_EQ(facts.shares.rejected, 1U);
  EXPECT_DOUBLE_EQ(facts.shares.expected_hashes, 24.0);
  EXPECT_EQ(facts.misfits, 0U);
}

TEST(Beam, ANodesKeyIsASecret) {
  TestTalk talk(create_beam_dialect());
  talk.client(login("my-secret-key"));
  talk.server(kJob);
  EXPECT_EQ(talk.facts().role, Role::solo);
  EXPECT_EQ(talk.facts().account, "");
}

TEST(Beam, IsRecognisedFromTheMiddle) {
  TestTalk talk(create_beam_dialect());
  EXPECT_EQ(talk.server(kJob), Fit::fits);
  EXPECT_EQ(talk.client(solution("8", "00000000000000aa")), Fit::fits);
  EXPECT_TRUE(talk.facts().both_sides());
}

TEST(Beam, AnyLoginIsNotBeams) {
  TestTalk talk(create_beam_dialect());
  EXPECT_EQ(talk.client(R"({"method":"login","id":1,"params":{"api_key":"k"}})"), Fit::none);
  talk.client(login("k"));
  talk.server(R"({"id":"login","method":"result","code":0,"description":"hello"})");
  EXPECT_EQ(talk.facts().client_fits + talk.facts().server_fits, 0U);
  EXPECT_EQ(talk.facts().role, Role::none);
}

}  // namespace
}  // namespace davy::mining

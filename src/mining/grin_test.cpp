#include <gtest/gtest.h>

#include "mining/test_talk.h"

namespace davy::mining {
namespace {

std::string job_body() {
  return R"({"difficulty":1024,"height":2000000,"job_id":7,"pre_pow":")" + std::string(400, '0') + R"("})";
}
std::string submit(const std::string& id, int nonce, std::size_t edges = 42) {
  std::string pow = "1";
  for (std::size_t i = 1; i < edges; ++i) pow += "," + std::to_string(i * 1'000);
  return R"({"id":")" + id + R"(","jsonrpc":"2.0","method":"submit","params":{"edge_bits":32,"height":2000000,)" +
         R"("job_id":7,"nonce":)" + std::to_string(nonce) + R"(,"pow":[)" + pow + "]}}";
}

TEST(Grin, FollowsAConversation) {
  TestTalk talk(create_grin_dialect());
  EXPECT_EQ(talk.client(R"({"id":"0","jsonrpc":"2.0","method":"login",)"
                        R"("params":{"login":"someone@example.org.rig","pass":"x","agent":"grin-miner"}})"),
            Fit::neutral);
  EXPECT_EQ(talk.server(R"({"id":"0","jsonrpc":"2.0","method":"login","result":"ok","error":null})"), Fit::neutral);
  EXPECT_EQ(talk.client(R"({"id":"0","jsonrpc":"2.0","method":"getjobtemplate","params":null})"), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":"0","jsonrpc":"2.0","method":"getjobtemplate","result":)" + job_body() + "}"),
            Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":"Stratum","jsonrpc":"2.0","method":"job","params":)" + job_body() + "}"), Fit::fits);
  EXPECT_EQ(talk.client(submit("4", 1)), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":"4","jsonrpc":"2.0","method":"submit","result":"ok","error":null})"), Fit::fits);
  EXPECT_EQ(talk.client(submit("5", 2)), Fit::fits);
  EXPECT_EQ(
      talk.server(R"({"id":"5","method":"submit","error":{"code":-32503,"message":"Solution submitted too late"}})"),
      Fit::fits);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.dialect, "grin");
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.coin, "grin");
  EXPECT_EQ(facts.algorithm, "cuckatoo32");
  EXPECT_EQ(facts.agent, "grin-miner");
  EXPECT_EQ(facts.client_fits, 4U) << "the login as well, once a job came";
  EXPECT_EQ(facts.jobs, 2U);
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_EQ(facts.shares.rejected, 1U);
  EXPECT_EQ(facts.shares.unchecked, 2U);
  EXPECT_EQ(facts.misfits, 0U);
}

TEST(Grin, IsRecognisedFromTheMiddle) {
  TestTalk talk(create_grin_dialect());
  EXPECT_EQ(talk.client(submit("4", 1)), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":"5","method":"status","result":{"id":"5","height":1,"difficulty":1,"accepted":3,)"
                        R"("rejected":0,"stale":0}})"),
            Fit::fits);
  EXPECT_TRUE(talk.facts().both_sides());
}

TEST(Grin, ACycleIsNeeded) {
  TestTalk talk(create_grin_dialect());
  EXPECT_EQ(talk.client(submit("4", 1, 10)), Fit::none);
  EXPECT_EQ(talk.client(R"({"id":"1","method":"submit","params":{"job_id":3,"height":4}})"), Fit::none);
}

}  // namespace
}  // namespace davy::mining

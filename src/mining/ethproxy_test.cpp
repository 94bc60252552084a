#include <gtest/gtest.h>

#include "mining/test_talk.h"

namespace davy::mining {
namespace {

const std::string kWallet = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";  // of EIP-55
const std::string kHeader = "0x" + std::string(64, '1');
const std::string kSeed = "0x" + std::string(64, '2');
const std::string kTarget = "0x00000000" + std::string(56, 'f');  // 2^32 hashes a share

std::string login(const std::string& user) {
  return R"({"worker":"eth1.0","jsonrpc":"2.0","params":[")" + user + R"(","x"],"id":2,"method":"eth_submitLogin"})";
}
std::string work(int id, const std::string& header = kHeader) {
  return R"({"id":)" + std::to_string(id) + R"(,"jsonrpc":"2.0","result":[")" + header + R"(",")" + kSeed + R"(",")" +
         kTarget + R"("]})";
}
std::string submit(int id, const std::string& nonce, const std::string& header = kHeader) {
  return R"({"id":)" + std::to_string(id) + R"(,"method":"eth_submitWork","params":[")" + nonce + R"(",")" + header +
         R"(",")" + kSeed + R"("]})";
}
const std::string kGetWork = R"({"id":3,"jsonrpc":"2.0","method":"eth_getWork","params":[]})";

TEST(Ethproxy, FollowsAConversation) {
  TestTalk talk(create_ethproxy_dialect());
  EXPECT_EQ(talk.client(login(kWallet + ".rig1")), Fit::fits);
  EXPECT_EQ(talk.server(R"({"jsonrpc":"2.0","id":2,"result":true})"), Fit::neutral);
  EXPECT_EQ(talk.client(kGetWork), Fit::fits);
  EXPECT_EQ(talk.server(work(0)), Fit::fits) << "pushed";
  EXPECT_EQ(talk.server(work(3)), Fit::fits) << "in reply";
  EXPECT_EQ(talk.client(submit(4, "0x00000000000000aa")), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":4,"jsonrpc":"2.0","result":true})"), Fit::fits);
  EXPECT_EQ(
      talk.client(R"({"id":6,"method":"eth_submitHashrate","params":["0x1f4","0x)" + std::string(64, '9') + R"("]})"),
      Fit::fits);
  EXPECT_EQ(talk.client(submit(5, "0x00000000000000bb")), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":5,"result":false,"error":"stale"})"), Fit::fits);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.dialect, "ethproxy");
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.coin, "ethereum");
  EXPECT_EQ(facts.wallet, kWallet);
  EXPECT_EQ(facts.worker, "rig1");
  EXPECT_EQ(facts.jobs, 1U) << "the same work twice";
  EXPECT_EQ(facts.misfits, 0U);
  EXPECT_TRUE(facts.client_greeted && facts.server_agreed);
  EXPECT_EQ(facts.shares.sent, 2U);
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_EQ(facts.shares.rejected, 1U);
  EXPECT_EQ(facts.shares.unchecked, 2U);
  EXPECT_NEAR(facts.shares.expected_hashes, 4'294'967'296.0, 1.0);
}

TEST(Ethproxy, OverHttpTheAddressNamesTheAccount) {
  TestTalk talk(create_ethproxy_dialect());
  const HttpExchange http{.method = "POST", .target = "/?miner=30@" + kWallet + "@Rig", .user_agent = "ethminer"};
  EXPECT_EQ(talk.http(Side::client, kGetWork, http), Fit::fits);
  EXPECT_EQ(talk.http(Side::server, work(3), http), Fit::fits);
  EXPECT_EQ(talk.facts().role, Role::pool);
  EXPECT_EQ(talk.facts().wallet, kWallet);
  EXPECT_EQ(talk.facts().worker, "Rig");
  EXPECT_EQ(talk.facts().agent, "ethminer");
}

TEST(Ethproxy, PollingANodeIsSolo) {
  TestTalk talk(create_ethproxy_dialect());
  const HttpExchange http{.method = "POST", .target = "/"};
  talk.http(Side::client, kGetWork, http);
  talk.http(Side::server, work(3), http);
  talk.http(Side::client, submit(1, "0x1"), http);
  talk.http(Side::server, R"({"id":1,"result":true})", http);
  EXPECT_EQ(talk.facts().role, Role::solo);
  EXPECT_EQ(talk.shares().accepted, 1U);
}

TEST(Ethproxy, IsRecognisedFromTheMiddle) {
  TestTalk talk(create_ethproxy_dialect());
  talk.server(work(0));
  talk.client(submit(9, "0x00000000000000aa"));
  EXPECT_TRUE(talk.facts().both_sides());
  EXPECT_EQ(talk.facts().coin, "ethereum");
}

TEST(Ethproxy, ANodeIsNotAPool) {
  TestTalk talk(create_ethproxy_dialect());
  EXPECT_EQ(talk.client(R"({"id":1,"method":"eth_blockNumber","params":[]})"), Fit::none);
  EXPECT_EQ(talk.server(R"({"id":1,"result":"0x10d4f"})"), Fit::none);
  EXPECT_EQ(talk.client(R"({"id":2,"method":"eth_getBalance","params":[")" + kWallet + R"(","latest"]})"), Fit::none);
  EXPECT_EQ(talk.server(R"({"id":3,"result":["0x)" + std::string(40, '1') + R"("]})"), Fit::none) << "eth_accounts";
  EXPECT_EQ(talk.facts().client_fits + talk.facts().server_fits, 0U);
  EXPECT_EQ(talk.facts().role, Role::none);
}

}  // namespace
}  // namespace davy::mining

#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

constexpr const char* kMonero =
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";
// The header of Bitcoin's first block: its hash meets its own target.
constexpr std::string_view kFirstHeader =
    "01000000000000000000000000000000000000000000000000000000000000000000000"
    "03ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";
// The same as getwork writes it, with its padding.
constexpr std::string_view kFirstWork =
    "000000010000000000000000000000000000000000000000000000000000000000000000fdeda33bb2127b7a3e2cc77a618f7667c31bc87f"
    "32518a88aab89f3a4a5e1e4b495fab291d00ffff7c2bac1d"
    "000000800000000000000000000000000000000000000000000000000000000000000000000000000000000080020000";

std::string template_reply() {
  return R"({"id":0,"error":null,"result":{"version":536870912,"rules":[],"previousblockhash":")" + digits(64) +
         R"(","transactions":[],"coinbasevalue":312500000,"target":")" + digits(64, '0') +
         R"(","bits":"1d00ffff","height":900000,"curtime":1}})";
}

std::string work_reply() {
  return R"({"id":0,"error":null,"result":{"data":")" + digits(256) + R"(","target":")" + digits(52, '0') +
         R"(ffff00000000","midstate":")" + digits(64) + R"(","hash1":")" + digits(128) + R"("}})";
}

std::string submit_block(std::string_view header) {
  return R"({"method":"submitblock","id":1,"params":[")" + std::string(header) + digits(200, '1') + R"("]})";
}

TEST(BlockTemplate, FollowsSoloMiningAndRecomputesTheBlock) {
  TestExchange talk(create_block_template_dialect());
  talk.http.user_agent = "cpuminer/2.5.1", talk.http.basic_user = "solo";
  EXPECT_EQ(talk.request("POST", "/", R"({"id":0,"method":"getblocktemplate","params":[{"capabilities":["workid"]}]})"),
            Fit::fits);
  EXPECT_EQ(talk.reply(template_reply()), Fit::fits);
  EXPECT_EQ(talk.request("POST", "/", submit_block(kFirstHeader)), Fit::fits);
  EXPECT_EQ(talk.reply(R"({"result":null,"error":null,"id":1})"), Fit::neutral);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.dialect, "getblocktemplate");
  EXPECT_EQ(facts.role, Role::solo);
  EXPECT_EQ(facts.agent, "cpuminer/2.5.1");
  EXPECT_EQ(facts.account, "solo");
  EXPECT_EQ(facts.jobs, 1U);
  EXPECT_EQ(facts.shares.valid, 1U);
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_TRUE(facts.shares.recomputed);
  EXPECT_NEAR(facts.shares.bits, 32.0, 0.01);
  EXPECT_NEAR(facts.shares.expected_hashes, 4.295e9, 1e7);
  EXPECT_EQ(facts.algorithm, "sha256d");
}

TEST(BlockTemplate, LeavesABlockOfAnotherAlgorithmUnchecked) {
  TestExchange talk(create_block_template_dialect());
  std::string header(kFirstHeader);
  header[10] = '7';
  talk.request("POST", "/", submit_block(header));
  talk.reply(R"({"result":"high-hash","error":null,"id":1})");
  header[10] = '8';
  talk.request("POST", "/", submit_block(header));
  talk.reply(R"({"result":null,"error":null,"id":1})");
  EXPECT_EQ(talk.facts().shares.unchecked, 2U);
  EXPECT_EQ(talk.facts().shares.bits, 0.0);
  EXPECT_NEAR(talk.facts().shares.expected_hashes, 4.295e9, 1e7) << "by the server's word";
  EXPECT_EQ(talk.facts().shares.rejected, 1U);
  EXPECT_TRUE(talk.facts().coin.empty());
}

TEST(BlockTemplate, KnowsGetworkByItsHeadersOrItsAnswer) {
  TestExchange talk(create_block_template_dialect());
  EXPECT_EQ(talk.request("POST", "/", R"({"method":"getwork","params":[],"id":0})"), Fit::neutral);
  EXPECT_EQ(talk.reply(work_reply()), Fit::fits);
  EXPECT_EQ(talk.facts().client_fits, 1U) << "the answer tells what the question was";
  talk.http.mining_header = true;
  EXPECT_EQ(talk.request("POST", "/", R"({"method":"getwork","params":[],"id":0})"), Fit::fits);
  EXPECT_EQ(talk.facts().dialect, "getwork");
}

TEST(BlockTemplate, RecomputesWorkThatIsHandedIn) {
  TestExchange talk(create_block_template_dialect());
  talk.request("POST", "/", R"({"method":"getwork","params":[],"id":0})");
  talk.reply(work_reply());
  const std::string share = R"({"method":"getwork","id":1,"params":[")" + std::string(kFirstWork) + R"("]})";
  EXPECT_EQ(talk.request("POST", "/", share), Fit::fits);
  EXPECT_EQ(talk.reply(R"({"result":true,"error":null,"id":1})"), Fit::neutral);
  EXPECT_EQ(talk.facts().shares.valid, 1U);
  EXPECT_EQ(talk.facts().shares.accepted, 1U);
  EXPECT_NEAR(talk.facts().shares.bits, 32.0, 0.01);
  talk.request("POST", "/", share);
  EXPECT_EQ(talk.facts().shares.valid, 1U) << "the same share again";
}

TEST(BlockTemplate, KnowsMoneroSoloMining) {
  TestExchange talk(create_block_template_dialect());
  EXPECT_EQ(talk.request("GET", "/getheight"), Fit::neutral);
  EXPECT_EQ(talk.reply(R"({"hash":"aa","height":3000000,"status":"OK"})"), Fit::neutral);
  EXPECT_EQ(talk.request("POST", "/json_rpc",
                         R"({"id":1,"jsonrpc":"2.0","method":"getblocktemplate","params":{"wallet_address":")" +
                             std::string(kMonero) + R"(","extra_nonce":"00"}})"),
            Fit::fits);
  EXPECT_EQ(
      talk.reply(R"({"id":1,"jsonrpc":"2.0","result":{"blocktemplate_blob":")" + digits(400) +
                 R"(","difficulty":300000000000,"height":3000000,"seed_hash":")" + digits(64) + R"(","status":"OK"}})"),
      Fit::fits);
  EXPECT_EQ(talk.request("POST", "/json_rpc", submit_block(kFirstHeader)), Fit::fits);
  EXPECT_EQ(talk.reply(R"({"id":1,"jsonrpc":"2.0","result":{"status":"OK"}})"), Fit::neutral);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.dialect, "monerod");
  EXPECT_EQ(facts.role, Role::solo);
  EXPECT_EQ(facts.wallet, kMonero);
  EXPECT_EQ(facts.coin, "monero");
  EXPECT_EQ(facts.algorithm, "rx/0");
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_EQ(facts.misfits, 0U);
}

TEST(BlockTemplate, KnowsMinerDataAndStartMining) {
  TestExchange talk(create_block_template_dialect());
  talk.request("POST", "/json_rpc", R"({"jsonrpc":"2.0","id":"0","method":"get_miner_data"})");
  EXPECT_EQ(talk.reply(R"({"id":"0","jsonrpc":"2.0","result":{"major_version":16,"height":3,"prev_id":")" + digits(64) +
                       R"(","seed_hash":")" + digits(64) + R"(","difficulty":"0x1","tx_backlog":[]}})"),
            Fit::fits);
  EXPECT_TRUE(talk.facts().both_sides());
  TestExchange other(create_block_template_dialect());
  EXPECT_EQ(other.request("POST", "/start_mining",
                          R"({"do_background_mining":false,"threads_count":2,"miner_address":")" +
                              std::string(kMonero) + R"("})"),
            Fit::fits);
}

TEST(BlockTemplate, IsKnownInMidStreamByTheAnswer) {
  TestExchange talk(create_block_template_dialect());
  EXPECT_EQ(talk.reply(template_reply()), Fit::fits);
  EXPECT_EQ(talk.facts().role, Role::solo);
}

TEST(BlockTemplate, LeavesNodesAndOtherProgramsAlone) {
  TestExchange talk(create_block_template_dialect());
  for (const char* text :
       {R"({"id":1,"method":"getblockchaininfo","params":[]})", R"({"id":1,"method":"getblocktemplate","params":[]})",
        R"({"id":1,"method":"getwork"})", R"({"id":1,"method":"getwork","params":["employee",7]})",
        R"({"id":1,"method":"submitblock","params":["paragraph"]})",
        R"({"id":1,"method":"getblocktemplate","params":{"wallet_address":"short"}})",
        R"({"id":1,"method":"sendrawtransaction","params":["00"]})"}) {
    EXPECT_NE(talk.request("POST", "/", text), Fit::fits) << text;
    EXPECT_NE(talk.reply(R"({"id":1,"error":{"code":-32601,"message":"Method not found"},"result":null})"), Fit::fits);
  }
  talk.request("POST", "/start_mining", R"({"miner_address":"me","threads_count":1})");
  talk.request("GET", "/index.html");
  EXPECT_EQ(talk.reply(""), Fit::none);
  EXPECT_EQ(talk.fits(), 0U);
}

}  // namespace
}  // namespace davy::mining

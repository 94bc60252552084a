#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

TEST(NodeRpc, KnowsElectrum) {
  TestExchange talk(create_node_rpc_dialect());
  EXPECT_EQ(talk.client(R"({"id":0,"method":"server.version","params":["electrum/4.5",["1.4","1.5"]]})"), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":0,"jsonrpc":"2.0","result":["ElectrumX 1.16.0","1.4"]})"), Fit::fits);
  EXPECT_EQ(talk.client(R"({"id":1,"method":"blockchain.scripthash.subscribe","params":["aa"]})"), Fit::fits);
  EXPECT_EQ(talk.server(R"({"method":"blockchain.headers.subscribe","params":[{"hex":"00","height":1}]})"), Fit::fits);
  EXPECT_EQ(talk.facts().dialect, "electrum");
  EXPECT_EQ(talk.facts().role, Role::wallet);
}

TEST(NodeRpc, KnowsNodesOfThreeCoins) {
  for (const char* text : {R"({"id":"curl","method":"getblockchaininfo","params":[]})",
                           R"({"id":5,"jsonrpc":"2.0","method":"eth_call","params":[{"to":"0x00"},"latest"]})",
                           R"({"id":5,"jsonrpc":"2.0","method":"eth_blockNumber"})",
                           R"({"id":5,"jsonrpc":"2.0","method":"get_output_histogram","params":{"amounts":[1]}})"}) {
    TestExchange talk(create_node_rpc_dialect());
    EXPECT_EQ(talk.request("POST", "/", text), Fit::fits) << text;
    EXPECT_EQ(talk.reply(R"({"id":5,"jsonrpc":"2.0","result":"0x10"})"), Fit::fits) << text;
    EXPECT_EQ(talk.facts().dialect, "node_rpc");
    EXPECT_EQ(talk.facts().role, Role::node);
  }
}

TEST(NodeRpc, LeavesOpenWhoAsksForTheNewestBlock) {
  TestExchange talk(create_node_rpc_dialect());
  EXPECT_EQ(talk.request("POST", "/", R"({"id":1,"method":"getbestblockhash","params":[]})"), Fit::neutral);
  EXPECT_EQ(talk.reply(R"({"id":1,"result":"00"})"), Fit::neutral) << "pools ask this before each template";
  EXPECT_EQ(talk.request("POST", "/", R"({"id":2,"method":"getrawtransaction","params":["00"]})"), Fit::fits);
  EXPECT_EQ(talk.facts().misfits, 0U);
}

TEST(NodeRpc, KnowsMonerosWalletByPathAndMembers) {
  constexpr std::string_view kTransfer =
      R"({"id":"0","jsonrpc":"2.0","method":"transfer","params":{"destinations":[{"amount":1,"address":"4A"}]}})";
  constexpr std::string_view kBalance =
      R"({"id":"0","jsonrpc":"2.0","method":"get_balance","params":{"account_index":0}})";
  TestExchange talk(create_node_rpc_dialect());
  EXPECT_EQ(talk.request("POST", "/json_rpc", kBalance), Fit::fits);
  EXPECT_EQ(talk.request("POST", "/json_rpc", kTransfer), Fit::fits);
  EXPECT_EQ(talk.facts().role, Role::wallet);
  EXPECT_EQ(talk.facts().coin, "monero");
  EXPECT_EQ(talk.request("POST", "/api/bank", kTransfer), Fit::none);
}

TEST(NodeRpc, LeavesMiningAndOtherProgramsAlone) {
  TestExchange talk(create_node_rpc_dialect());
  for (const char* text :
       {R"({"id":1,"method":"mining.subscribe","params":[]})", R"({"id":1,"method":"eth_getWork","params":[]})",
        R"({"id":1,"method":"eth_submitLogin","params":["0x00"]})",
        R"({"id":1,"method":"getblocktemplate","params":[]})", R"({"id":1,"method":"getwork"})",
        R"({"id":1,"method":"blockchain.headers."})", R"({"id":1,"method":"eth_callback"})",
        R"({"id":1,"method":"getblock","params":"text"})", R"({"id":1,"method":"initialize"})",
        R"({"id":1,"method":"login","params":{"login":"a"}})"}) {
    EXPECT_EQ(talk.client(text), Fit::none) << text;
    EXPECT_EQ(talk.server(R"({"id":1,"result":true})"), Fit::none);
  }
  EXPECT_EQ(talk.fits(), 0U);
}

}  // namespace
}  // namespace davy::mining

// What resembles the talk of miners and pools and is none: no dialect of theirs may count a single message of it.
#include <gtest/gtest.h>

#include "mining/test_talk.h"

namespace davy::mining {
namespace {

constexpr auto kDialects = {create_stratum_dialect, create_ethproxy_dialect, create_cryptonote_dialect,
                            create_grin_dialect, create_beam_dialect};

struct Line {
  Side side;
  std::string text;
};
using Lines = std::vector<Line>;
constexpr Side C = Side::client, S = Side::server;

void expect_no_fit(const Lines& lines) {
  for (const auto create : kDialects) {
    TestTalk talk(create());
    for (const Line& line : lines)
      EXPECT_NE(line.side == C ? talk.client(line.text) : talk.server(line.text), Fit::fits)
          << talk.facts().dialect << ": " << line.text;
    EXPECT_EQ(talk.facts().client_fits + talk.facts().server_fits, 0U);
    EXPECT_EQ(talk.facts().role, Role::none);
  }
}

const std::string kHash(64, 'a');

TEST(PoolDialects, Electrum) {
  expect_no_fit({{C, R"({"id":0,"method":"server.version","params":["electrum/4.5","1.4"]})"},
                 {S, R"({"id":0,"jsonrpc":"2.0","result":["ElectrumX 1.16","1.4"]})"},
                 {C, R"({"id":1,"method":"blockchain.scripthash.subscribe","params":[")" + kHash + R"("]})"},
                 {S, R"({"id":1,"result":")" + kHash + R"("})"},
                 {C, R"({"id":2,"method":"blockchain.headers.subscribe","params":[]})"},
                 {S, R"({"id":2,"result":{"height":800000,"hex":")" + std::string(160, '0') + R"("}})"},
                 {C, R"({"id":3,"method":"blockchain.transaction.broadcast","params":["0100"]})"},
                 {S, R"({"method":"blockchain.scripthash.subscribe","params":[")" + kHash + R"(",null]})"},
                 {C, R"({"id":4,"method":"server.ping"})"},
                 {S, R"({"id":4,"result":null})"}});
}

TEST(PoolDialects, NodesAndWallets) {
  expect_no_fit({{C, R"({"id":1,"jsonrpc":"2.0","method":"eth_call","params":[{"to":"0x1"},"latest"]})"},
                 {S, R"({"id":1,"jsonrpc":"2.0","result":"0x)" + kHash + R"("})"},
                 {C, R"({"id":2,"method":"eth_blockNumber","params":[]})"},
                 {S, R"({"id":2,"result":"0x10"})"},
                 {C, R"({"id":3,"method":"eth_subscribe","params":["newHeads"]})"},
                 {S, R"({"method":"eth_subscription","params":{"subscription":"0x1","result":{"hash":"0x1"}}})"},
                 {C, R"({"id":4,"method":"getblockchaininfo","params":[]})"},
                 {C, R"({"id":5,"method":"getblock","params":[")" + kHash + R"("]})"},
                 {C, R"({"id":"0","jsonrpc":"2.0","method":"get_info"})"},
                 {S, R"({"id":"0","jsonrpc":"2.0","result":{"height":3,"difficulty":5,"status":"OK"}})"},
                 {C, R"({"id":"0","jsonrpc":"2.0","method":"transfer","params":{"destinations":[]}})"}});
}

TEST(PoolDialects, LanguageServersAndTheirKin) {
  expect_no_fit({{C, R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{},"rootUri":null}})"},
                 {S, R"({"jsonrpc":"2.0","id":0,"result":{"capabilities":{"hoverProvider":true}}})"},
                 {C, R"({"jsonrpc":"2.0","method":"initialized","params":{}})"},
                 {C, R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"submit","arguments":{}}})"},
                 {S, R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"ok"}]}})"},
                 {C, R"({"seq":1,"type":"request","command":"initialize","arguments":{"adapterID":"x"}})"},
                 {S, R"({"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found"}})"},
                 {S, R"({"jsonrpc":"2.0","method":"Player.OnPlay","params":{"data":{"item":{"id":5}},"sender":"x"}})"},
                 {C, R"({"jsonrpc":"2.0","id":3,"method":"JSONRPC.Notify","params":["a","b"]})"}});
}

TEST(PoolDialects, LoginsOfOtherPrograms) {
  expect_no_fit(
      {{C, R"({"id":1,"method":"login","params":{"login":"anna","pass":"x"}})"},
       {S, R"({"id":1,"result":{"id":"session","status":"OK"},"error":null})"},
       {C, R"({"id":"login","jsonrpc":"2.0","method":"login","api_key":"k-12345"})"},
       {S, R"({"id":"login","method":"result","code":0})"},
       {C, R"({"id":"2","jsonrpc":"2.0","method":"login","params":{"login":"b","pass":"x","agent":"app/1"}})"},
       {S, R"({"id":"2","jsonrpc":"2.0","method":"login","result":"ok"})"},
       {C, R"({"id":3,"method":"login","params":["anna","secret"]})"},
       {S, R"({"id":3,"result":true})"},
       {C, R"({"id":4,"method":"subscribe","params":["news"]})"},
       {C, R"({"id":"5","method":"status","params":{"id":5}})"},
       {S, R"({"id":"5","method":"status","result":{"accepted":true}})"}});
}

TEST(PoolDialects, JobSchedulers) {
  expect_no_fit({{C, R"({"id":1,"method":"submit","params":{"job_id":"render-77","queue":"gpu"}})"},
                 {S, R"({"id":1,"result":{"status":"OK","job_id":"render-77"}})"},
                 {S, R"({"method":"job","params":{"job_id":"render-77","target":"node-4","blob":"s3://bucket/x"}})"},
                 {C, R"({"id":2,"method":"submit","params":{"job_id":8,"nonce":"ab12cd34","result":"done"}})"},
                 {C, R"({"id":3,"method":"solution","nonce":"1","output":"42"})"},
                 {S, R"({"id":"9","method":"job","input":"file.csv","difficulty":3,"height":5})"},
                 {S, R"({"id":"9","method":"job","params":{"job_id":1,"height":5,"difficulty":2,"pre_pow":""}})"},
                 {C, R"({"id":4,"method":"getjob","params":{"id":"render-77"}})"},
                 {S, R"({"id":4,"result":{"job":{"job_id":"render-77","state":"running"}}})"}});
}

TEST(PoolDialects, TalkAboutMining) {
  expect_no_fit(
      {{C, R"({"type":"message","text":"{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer\"]}"})"},
       {S, R"({"method":"post","params":["mining.notify","mining.submit stratum+tcp://pool.example.org:3333"]})"},
       {C, R"({"id":1,"method":"chat.send","params":{"login":"x","agent":"XMRig/6.21.0","algo":["rx/0"]}})"},
       {S, R"({"id":1,"result":"eth_getWork"})"},
       {C, R"({"log":{"method":"mining.submit","params":["w","j","00000001","5f5e1000","deadbeef"]}})"},
       {S, R"(["mining.notify","j"])"},
       {S, R"("mining.subscribe")"}});
}

TEST(PoolDialects, ARecordingPlayedByOneSideIsOneSided) {
  TestTalk talk(create_stratum_dialect());
  EXPECT_EQ(talk.client(R"({"id":1,"method":"mining.subscribe","params":["cgminer"]})"), Fit::fits);
  EXPECT_EQ(talk.client(R"({"id":null,"method":"mining.set_difficulty","params":[8]})"), Fit::none);
  EXPECT_EQ(talk.client(R"({"id":1,"result":[[["mining.notify","s"]],"0a",4]})"), Fit::neutral);
  EXPECT_FALSE(talk.facts().both_sides());
}

TEST(PoolDialects, MessagesWithoutJsonAreNone) {
  for (const auto create : kDialects) {
    const auto dialect = create();
    const HttpExchange http{.method = "GET", .target = "/"};
    EXPECT_EQ(dialect->see({.carrier = Carrier::http, .http = &http}), Fit::none);
    EXPECT_EQ(dialect->facts().misfits, 1U);
  }
}

}  // namespace
}  // namespace davy::mining

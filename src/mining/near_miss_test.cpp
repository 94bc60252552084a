// What looks a little like mining: none of these dialects may find anything in it.
#include <random>

#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

using Create = std::unique_ptr<Dialect> (*)();
constexpr Create kDialects[] = {
    create_coinhive_dialect, create_webminerpool_dialect, create_nimiq_dialect, create_block_template_dialect,
    create_node_rpc_dialect, create_ergo_node_dialect,    create_chia_dialect};
using CreateBytes = std::unique_ptr<ByteDialect> (*)();
constexpr CreateBytes kByteDialects[] = {create_duino_dialect, create_stratum_v2_dialect, create_zmq_dialect,
                                         create_peer_dialect};

constexpr const char* kWebSocketTexts[] = {
    R"({"type":"auth","token":"eyJhbGciOi"})",
    R"({"type":"auth","params":{"user":"anna","password":"x"}})",
    R"({"type":"auth","site_key":"abc"})",
    R"({"type":"authed","user":{"id":4},"hashes":["a"]})",
    R"({"type":"error","error":"not found"})",
    R"({"type":"error","params":{"error":"invalid"}})",
    R"({"type":"job","params":{"job_id":"4711","status":"running","target":"x86_64"}})",
    R"({"type":"submit","params":{"job_id":"4711","nonce":"abc","result":"ok"}})",
    R"({"type":"message","text":"{\"type\":\"auth\",\"params\":{\"site_key\":\"x\",\"type\":\"user\",\"goal\":0}}"})",
    R"({"type":"connection_init","payload":{"Authorization":"Bearer x"}})",
    R"({"id":"1","type":"subscribe","payload":{"query":"subscription { job { blob target } }"}})",
    R"({"id":"1","type":"next","payload":{"data":{"job":{"job_id":1,"blob":"x","target":"y"}}}})",
    R"({"command":"subscribe","identifier":"{\"channel\":\"ChatChannel\"}"})",
    R"({"identifier":"{\"channel\":\"ChatChannel\"}","message":{"body":"mining.subscribe"}})",
    R"({"identifier":"job","job_id":"1","blob":"hello","target":"world"})",
    R"({"identifier":"error","param":"x"})",
    R"({"identifier":"handshake","protocol":1})",
    R"({"message":"register","user":"anna"})",
    R"({"message":"registered","id":12})",
    R"({"message":"share","url":"/picture"})",
    R"({"message":"settings","target":3,"address":"12 Main Street"})",
    R"({"message":"balance","balance":12})",
    R"({"message":"error","reason":"invalid share name"})",
    R"({"event":"share","job_id":"1","nonce":"deadbeef"})",
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"1"}})",
    R"({"jsonrpc":"2.0","id":1,"result":{"serverInfo":{"name":"x"}}})",
    R"({"jsonrpc":"2.0","method":"Player.OnPlay","params":{"data":{}}})",
    R"({"jsonrpc":"2.0","id":2,"method":"submit","params":{"job_id":"7"}})",
    R"({"id":3,"method":"login","params":{"login":"anna","pass":"x"}})",
    R"({"id":3,"method":"transfer","params":{"amount":5,"to":"bob"}})",
    R"({"id":3,"method":"get_balance"})",
    R"({"id":3,"method":"getwork","params":["desk"]})",
    R"({"id":3,"result":true,"error":null})",
    R"({"msg":"hello","b":3,"pk":7})",
    R"({"error_code":4,"error_message":"no"})",
    R"({"data":{"target":"blank"}})",
    R"([])",
    R"([1,"mining.notify",{"blob":"00"}])",
    R"("getblocktemplate")",
    R"(null)",
    R"(17)",
};

struct Exchange {
  const char* method;
  const char* target;
  const char* body;
  const char* reply;
};
constexpr Exchange kExchanges[] = {
    {"POST", "/partial", R"({"template":"menu","payload":{"page":1}})", R"({"html":"<ul></ul>"})"},
    {"POST", "/partial", R"({"payload":{"launcher_id":"main"},"aggregate_signature":"Jo"})", R"({"ok":true})"},
    {"GET", "/farmer?launcher_id=7", "", R"({"name":"Jo","current_points":3})"},
    {"PUT", "/farmer", R"({"payload":{"name":"Jo"},"signature":"Jo Miller"})", R"({"error_code":2})"},
    {"GET", "/pool_info", "", R"({"pool":"north","length":25,"protocol_version":1})"},
    {"GET", "/mining/candidate", "", R"({"msg":"no candidate for this job","party":"x"})"},
    {"POST", "/mining/solution", R"({"n":"text"})", R"({"ok":true})"},
    {"POST", "/json_rpc", R"({"id":0,"method":"get_balance"})", R"({"id":0,"result":{"balance":5}})"},
    {"POST", "/json_rpc", R"({"id":0,"method":"getwork","params":[]})", R"({"id":0,"result":{"data":"desk"}})"},
    {"POST", "/", R"({"id":0,"method":"submitblock","params":["Paragraph 3"]})", R"({"id":0,"result":null})"},
    {"GET", "/getheight", "", R"({"height":180,"unit":"cm"})"},
    {"GET", "/api/v1/jobs", "", R"({"result":{"height":4,"bits":"low","transactions":[]}})"},
    {"POST", "/graphql", R"({"query":"{ getblocktemplate { bits } }"})", R"({"data":{"getblocktemplate":null}})"},
    {"GET", "/", "", ""},
};

constexpr std::string_view kTextLines[] = {
    "220 mail.test ESMTP\r\n",
    "EHLO client.test\r\n",
    "250-mail.test\r\n250 SIZE 1000\r\n",
    "USER anonymous\r\n",
    "331 Please specify the password.\r\n",
    "NICK miner\r\nUSER miner 0 * :JOB,user,diff\r\n",
    ":irc.test 001 miner :Welcome\r\n",
    "get key\r\n",
    "VALUE key 0 5\r\nhello\r\nEND\r\n",
    "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n",
    "$5\r\nhello\r\n+OK\r\n:1000\r\n",
    "1,2,3\n4,5,6\n",
    "3.0\n",
    "JOB,print,queue\n",
    "GOOD\nBAD\n",
    "json-minimal-chain_main\n",
    "{\"type\":\"auth\"\n",
};

TEST(NearMiss, WebSocketTextsOfOtherPrograms) {
  for (const Create create : kDialects) {
    TestExchange talk(create());
    for (const char* text : kWebSocketTexts) {
      EXPECT_NE(talk.client(text), Fit::fits) << talk.facts().dialect << ' ' << text;
      EXPECT_NE(talk.server(text), Fit::fits) << talk.facts().dialect << ' ' << text;
    }
    EXPECT_EQ(talk.fits(), 0U) << talk.facts().dialect;
    EXPECT_EQ(talk.facts().role, Role::none);
  }
}

TEST(NearMiss, HttpExchangesOfOtherPrograms) {
  for (const Create create : kDialects) {
    TestExchange talk(create());
    for (const Exchange& exchange : kExchanges) {
      EXPECT_NE(talk.request(exchange.method, exchange.target, exchange.body), Fit::fits)
          << talk.facts().dialect << ' ' << exchange.target;
      EXPECT_NE(talk.reply(exchange.reply), Fit::fits) << talk.facts().dialect << ' ' << exchange.reply;
    }
    EXPECT_EQ(talk.fits(), 0U) << talk.facts().dialect;
  }
}

TEST(NearMiss, LinesOfText) {
  for (const CreateBytes create : kByteDialects)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1'400}}) {
      TestBytes talk(create(), piece);
      for (const std::string_view line : kTextLines) talk.client(line), talk.server(line);
      EXPECT_EQ(talk.fits(), 0U) << talk.facts().dialect;
    }
}

TEST(NearMiss, RandomBytes) {
  std::mt19937 random(1);
  for (const CreateBytes create : kByteDialects)
    for (int i = 0; i < 2'000; ++i) {
      TestBytes talk(create());
      for (int packet = 0; packet < 10; ++packet) {
        Bytes bytes(1 + random() % 300);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        packet % 2 == 0 ? talk.client(bytes) : talk.server(bytes);
      }
      EXPECT_EQ(talk.fits(), 0U) << talk.facts().dialect;
    }
}

}  // namespace
}  // namespace davy::mining

#include "network/unwrapper.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace davy::network {
namespace {

using mining::Carrier;
using mining::Side;
using Texts = std::vector<std::string>;

constexpr Side C = Side::client, S = Side::server;
const std::string kLogin = R"({"id":1,"method":"login","params":{"login":"4A","pass":"x"}})";
const std::string kJob = R"({"jsonrpc":"2.0","method":"job","params":{"job_id":"7","blob":"0e0e"}})";

class Heard final : public UnwrapSink {
 public:
  void message(const mining::Message& message) override {
    std::string text = message.side == C ? "C " : "S ";
    if (message.carrier == Carrier::websocket) text += "ws ";
    if (message.http != nullptr) {
      text += message.http->method + " " + message.http->target + " " + std::to_string(message.http->status) + " ";
      last = *message.http;
    }
    said.push_back(text + (message.json != nullptr ? message.json->dump() : "-"));
  }
  void bytes(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp) override {
    (side == C ? client_raw : server_raw) += as_text(bytes);
    offsets.push_back(offset);
    starts += packet_start;
  }
  void tls(Side side, ByteView bytes, Timestamp) override { (side == C ? client_tls : server_tls) += as_text(bytes); }
  void tunnel(const Tunnel& to) override { tunnels.push_back(to.kind + " " + to.host + " " + std::to_string(to.port)); }

  Texts said, tunnels;
  mining::HttpExchange last;
  std::string client_raw, server_raw, client_tls, server_tls;
  std::vector<std::uint64_t> offsets;
  int starts = 0;
};

class UnwrapperTest : public testing::Test {
 protected:
  void feed(Side side, std::string_view text) {
    for (std::size_t at = 0; at < text.size(); at += step)
      unwrapper.feed(side, as_bytes(text.substr(at, step)), Timestamp{++now});
  }
  Heard heard;
  Unwrapper unwrapper{heard};
  std::size_t step = std::string::npos / 2;
  std::int64_t now = 0;
};

// Every test of this kind runs with whole pieces and byte by byte.
class CutTest : public UnwrapperTest, public testing::WithParamInterface<std::size_t> {
 protected:
  void SetUp() override { step = GetParam(); }
};
INSTANTIATE_TEST_SUITE_P(Cuts, CutTest, testing::Values(1, 3, 7, 1 << 20));

std::string frame(std::string_view payload, bool masked, unsigned first = 0x81) {
  std::string out(1, static_cast<char>(first));
  const char mask_bit = static_cast<char>(masked ? 0x80 : 0);
  if (payload.size() < 126) out += static_cast<char>(payload.size() | static_cast<unsigned char>(mask_bit));
  else
    out +=
        {static_cast<char>(mask_bit | 126), static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size())};
  const std::string mask = masked ? "\x12\x34\x56\x78" : "";
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    out += masked ? static_cast<char>(payload[i] ^ mask[i % 4]) : payload[i];
  return out;
}

std::string deflated(std::string_view text, int window) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(text.size() + 256, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, window < 0 ? Z_SYNC_FLUSH : Z_FINISH);
  out.resize(stream.total_out - (window < 0 ? 4 : 0));
  deflateEnd(&stream);
  return out;
}

std::string request(std::string_view body, std::string_view more = "") {
  return "POST /json_rpc HTTP/1.1\r\nHost: node:18081\r\nUser-Agent: xmrig\r\n" + std::string(more) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}
std::string reply(std::string_view body) {
  return "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST_P(CutTest, LinesOfJson) {
  feed(C, kLogin + "\n");
  feed(S, "{\"id\":1,\n  \"result\":{}}\r\n" + kJob + "\n" + kJob);
  EXPECT_EQ(heard.said, (Texts{"C " + kLogin, R"(S {"id":1,"result":{}})", "S " + kJob, "S " + kJob}));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::json_lines);
  EXPECT_EQ(unwrapper.skipped(), 0U);
}

TEST_P(CutTest, BatchesAndValuesBackToBack) {
  feed(C, R"([{"id":1},{"id":2}]{"id":"}{"}{"a":"\"}"}[])");
  EXPECT_EQ(heard.said, (Texts{R"(C {"id":1})", R"(C {"id":2})", R"(C {"id":"}{"})", R"(C {"a":"\"}"})", "C []"}));
}

TEST_P(CutTest, JoinsInTheMiddleOfALine) {
  feed(C, "9f2c\",\"result\":\"00ff\"}}\n" + kLogin + "\n" + kLogin + "\n");
  EXPECT_EQ(heard.said, (Texts{"C " + kLogin, "C " + kLogin}));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::json_lines);
}

TEST_P(CutTest, DamagedLinesCostOneMessage) {
  feed(C, "{\"id\":\"1\n{\"id\":2}\n{\"id\":[3\n{\"id\":4}\n{id:5}\n{\"id\":6}\n");
  EXPECT_EQ(heard.said, (Texts{R"(C {"id":2})", R"(C {"id":4})", R"(C {"id":6})"}));
  EXPECT_EQ(unwrapper.skipped(), 3U);
}

TEST_F(UnwrapperTest, GapInAStreamOfJson) {
  feed(C, kLogin + "\n" + kLogin.substr(0, 20));
  unwrapper.lost(C, 100);
  feed(C, "\"x\":1}\n" + kLogin + "\n");
  unwrapper.lost(C, 10);
  feed(C, kLogin);  // a packet begins with it
  EXPECT_EQ(heard.said, (Texts{"C " + kLogin, "C " + kLogin, "C " + kLogin}));
}

TEST_F(UnwrapperTest, LongMessagesArePassedOver) {
  const std::string fits = "{\"a\":\"" + std::string(kMessageBytesMax - 8, 'x') + "\"}";
  const std::string over = "{\"a\":\"" + std::string(kMessageBytesMax - 7, 'x') + "\"}";
  for (const std::size_t cut : {std::size_t{1} << 20, std::size_t{1000}}) {
    step = cut;
    feed(C, fits + over + kLogin);
  }
  EXPECT_EQ(heard.said.size(), 4U);
  EXPECT_EQ(unwrapper.skipped(), 2U);
}

TEST_F(UnwrapperTest, OthersAreToldAtOnce) {
  feed(S, "SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::text_lines);
  Unwrapper binary(heard);
  binary.feed(C, as_bytes(std::string_view("\x00\x00\x01\x0b\x00", 5)), {});
  EXPECT_EQ(binary.wrapping(), Wrapping::binary);
  EXPECT_EQ(heard.server_raw, "SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_EQ(heard.offsets, (std::vector<std::uint64_t>{0, 0}));
  EXPECT_EQ(heard.starts, 2);
}

TEST_F(UnwrapperTest, LogLinesAndSourceAreNoJson) {
  for (const std::string_view text :
       {"[12:00] <a> hi\n", "{ int x; }\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "OPTIONS rtsp://a RTSP/1.0\r\n"}) {
    Unwrapper other(heard);
    other.feed(C, as_bytes(text), {});
    EXPECT_EQ(other.wrapping(), Wrapping::text_lines) << text;
  }
  EXPECT_TRUE(heard.said.empty());
}

TEST_F(UnwrapperTest, StartTls) {
  feed(S, "220 mail ESMTP\r\n");
  feed(C, "STARTTLS\r\n");
  feed(S, "220 go\r\n");
  feed(C, std::string_view("\x16\x03\x01\x00\x05hello", 10));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::tls);
  EXPECT_EQ(heard.client_tls.size(), 10U);
}

TEST_P(CutTest, HttpRequestsAndTheirReplies) {
  feed(C, request(R"({"id":1})") + "GET /info HTTP/1.1\r\n\r\n" + request(R"({"id":2})"));
  feed(S, "HTTP/1.1 100 Continue\r\n\r\n" + reply(R"({"r":1})"));
  feed(S,
       "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
       "chunked\r\n\r\n3;x=1\r\n{\"r\r\n4\r\n\":2}\r\n0\r\nT: 1\r\n\r\n");
  EXPECT_EQ(heard.said,
            (Texts{R"(C POST /json_rpc 0 {"id":1})", "C GET /info 0 -", R"(C POST /json_rpc 0 {"id":2})",
                   R"(S POST /json_rpc 200 {"r":1})", "S GET /info 204 -", R"(S POST /json_rpc 200 {"r":2})"}));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::http);
  EXPECT_EQ(heard.last.host, "node:18081");
  EXPECT_EQ(heard.last.user_agent, "xmrig");
}

TEST_P(CutTest, HttpBodiesWithoutLength) {
  feed(C, "HEAD / HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\n\r\n");
  feed(S, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.0 200 OK\nX-Stratum: y\n\n{\"r\":1}");
  EXPECT_EQ(heard.said.back(), R"(S GET /a 200 {"r":1})");
  EXPECT_TRUE(heard.last.mining_header);
}

TEST_P(CutTest, HttpCredentialsWithoutPassword) {
  feed(C, request("{}", "Authorization: Basic YWxpY2U6c2VjcmV0\r\nX-Mining-Extensions: midstate\r\n"));
  EXPECT_EQ(heard.last.basic_user, "alice");
  EXPECT_TRUE(heard.last.mining_header);
}

TEST_P(CutTest, DeflatedBodies) {
  const std::string body = deflated(R"({"r":[1,2,3]})", 15 + 16);
  feed(C, "GET /a HTTP/1.1\r\n\r\n");
  feed(S, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body);
  EXPECT_EQ(heard.said.back(), R"(S GET /a 200 {"r":[1,2,3]})");
}

TEST_F(UnwrapperTest, BombsAreBounded) {
  const std::string body = deflated("{\"a\":\"" + std::string(8U << 20, ' ') + "\"}", 15 + 16);
  feed(C, "GET /a HTTP/1.1\r\n\r\n");
  feed(S, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body + reply("{}"));
  EXPECT_EQ(heard.said, (Texts{"C GET /a 0 -", "S GET /a 200 -", "S   200 {}"}));
  EXPECT_GE(unwrapper.skipped(), 1U);
}

TEST_F(UnwrapperTest, LongHeadsArePassedOver) {
  feed(C, "GET / HTTP/1.1\r\nCookie: " + std::string(kHttpHeadBytesMax, 'x') + "\r\n\r\n");
  feed(C, request("{}"));
  EXPECT_EQ(heard.said, (Texts{"C POST /json_rpc 0 {}"}));
  EXPECT_EQ(unwrapper.skipped(), 1U);
}

TEST_F(UnwrapperTest, GapsInHttp) {
  feed(C, "POST / HTTP/1.1\r\nContent-Length: 50\r\n\r\n0123456789");
  unwrapper.lost(C, 30);
  feed(C, "0123456789" + request(R"({"id":1})"));
  EXPECT_EQ(heard.said, (Texts{"C POST / 0 -", R"(C POST /json_rpc 0 {"id":1})"}));
  unwrapper.lost(C, 1000);
  feed(C, "ight\":1}");
  feed(C, request(R"({"id":2})"));
  EXPECT_EQ(heard.said.back(), R"(C POST /json_rpc 0 {"id":2})");
}

TEST_F(UnwrapperTest, ManyRequestsWait) {
  for (int i = 0; i < 100; ++i) feed(C, "GET /a HTTP/1.1\r\n\r\n");
  for (int i = 0; i < 101; ++i) feed(S, reply("{}"));
  EXPECT_EQ(heard.said[100 + 63], "S GET /a 200 {}");
  EXPECT_EQ(heard.said[100 + 64], "S   200 {}");
  feed(C, "GET /b HTTP/1.1\r\n\r\n");
  feed(S, reply("{}"));
  EXPECT_EQ(heard.said.back(), "S GET /b 200 {}");
}

TEST_P(CutTest, ConnectThenJson) {
  feed(C, "CONNECT pool.example:3333 HTTP/1.1\r\nHost: pool.example:3333\r\n\r\n");
  feed(S, "HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno");
  feed(C, "CONNECT pool.example:3333 HTTP/1.1\r\n\r\n");
  feed(S, "HTTP/1.1 200 Connection established\r\n\r\n");
  feed(C, kLogin + "\n");
  feed(S, kJob + "\n");
  EXPECT_EQ(heard.tunnels, (Texts{"connect pool.example 3333", "connect pool.example 3333"}));
  EXPECT_EQ(heard.said, (Texts{"S CONNECT pool.example:3333 407 -", "C " + kLogin, "S " + kJob}));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::json_lines);
}

TEST_F(UnwrapperTest, ClientThatDoesNotWaitForTheProxy) {
  feed(C, "CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n");
  feed(C, kLogin + "\n");
  feed(S, "HTTP/1.1 200 OK\r\n\r\n" + kJob + "\n");
  EXPECT_EQ(heard.tunnels, (Texts{"connect 2001:db8::1 443"}));
  EXPECT_EQ(heard.said, (Texts{"C " + kLogin, "S " + kJob}));
}

TEST_P(CutTest, SocksFiveWithPasswordThenConnectThenTls) {
  feed(C, std::string_view("\x05\x02\x00\x02", 4));
  feed(S, std::string_view("\x05\x02", 2));
  feed(C, std::string_view("\x01\x05"
                           "alice"
                           "\x03"
                           "abc",
                           11));
  feed(S, std::string_view("\x01\x00", 2));
  feed(C, std::string_view("\x05\x01\x00\x03\x05"
                           "proxy"
                           "\x1f\x90",
                           12));
  feed(S, std::string_view("\x05\x00\x00\x01\x0a\x00\x00\x01\x1f\x90", 10));
  feed(C, "CONNECT pool:443 HTTP/1.1\r\n\r\n");
  feed(S, "HTTP/1.1 200 OK\r\n\r\n");
  feed(C, std::string_view("\x16\x03\x01\x00\x05hello", 10));
  EXPECT_EQ(heard.tunnels, (Texts{"socks5 proxy 8080", "connect pool 443"}));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::tls);
  EXPECT_EQ(heard.client_tls.size(), 10U);
}

TEST_P(CutTest, SocksFour) {
  feed(C, std::string_view("\x04\x01\x0d\x05\x00\x00\x00\x01me\0pool.example\0", 24));
  feed(S, std::string_view("\x00\x5a\x00\x00\x00\x00\x00\x00", 8));
  feed(C, kLogin + "\n");
  feed(S, kJob + "\n");
  EXPECT_EQ(heard.tunnels, (Texts{"socks4 pool.example 3333"}));
  EXPECT_EQ(heard.said, (Texts{"C " + kLogin, "S " + kJob}));
}

TEST_F(UnwrapperTest, WhatIsNoSocksAfterAllIsBytes) {
  feed(C, std::string_view("\x05\x01\x00", 3));
  feed(S, "hello");
  EXPECT_EQ(heard.client_raw.size(), 3U);
  EXPECT_EQ(heard.server_raw, "hello");
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::binary);
}

TEST_F(UnwrapperTest, TunnelsInTunnelsEnd) {
  for (int i = 0; i < 10; ++i) {
    feed(C, "CONNECT a:1 HTTP/1.1\r\n\r\n");
    feed(S, "HTTP/1.1 200 OK\r\n\r\n");
  }
  EXPECT_EQ(heard.tunnels.size(), static_cast<std::size_t>(kTunnelDepthMax) + 1);
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::binary);
}

constexpr std::string_view kUpgrade =
    "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
constexpr std::string_view kUpgraded =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

TEST_P(CutTest, WebSocketFragmentsAndControlFrames) {
  feed(C, kUpgrade);
  feed(S, std::string(kUpgraded) + frame(kJob, false));
  feed(C, frame(kLogin.substr(0, 9), true, 0x01) + frame("ping", true, 0x89) + frame(kLogin.substr(9), true, 0x80));
  feed(C, frame("{\"a\":\"" + std::string(300, 'x') + "\"}", true));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::websocket);
  ASSERT_EQ(heard.said.size(), 4U);
  EXPECT_EQ(heard.said[1], "S ws " + kJob);
  EXPECT_EQ(heard.said[2], "C ws " + kLogin);
  EXPECT_EQ(unwrapper.skipped(), 0U);
}

TEST_P(CutTest, WebSocketDeflated) {
  feed(C, kUpgrade);
  feed(S, kUpgraded);
  feed(C, frame(deflated(kLogin, -15), true, 0xc1) + frame(deflated(kLogin, -15), true, 0xc1));
  EXPECT_EQ(heard.said, (Texts{"C GET /ws 0 -", "C ws " + kLogin, "C ws " + kLogin}));
}

TEST_P(CutTest, WebSocketBinaryWithLinesCutAnywhere) {
  feed(C, kUpgrade);
  feed(S, kUpgraded);
  feed(C,
       frame(kLogin.substr(0, 30), true, 0x82) + frame(kLogin.substr(30) + "\n", true, 0x82) + frame("JOB,user", true));
  EXPECT_EQ(heard.said.back(), "C ws " + kLogin);
  EXPECT_EQ(heard.client_raw, "JOB,user");
}

TEST_F(UnwrapperTest, WebSocketJoinedAndWithGaps) {
  feed(C, frame(kLogin, true));
  feed(S, frame(kJob, false));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::websocket);
  const std::string cut = frame(kLogin, true);
  feed(C, cut.substr(0, 20));
  unwrapper.lost(C, 10);
  feed(C, cut.substr(30) + frame(kLogin, true));
  unwrapper.lost(C, 1000);
  feed(C, "garbage that is no frame");
  feed(C, frame(kLogin, true));
  EXPECT_EQ(heard.said, (Texts{"C ws " + kLogin, "S ws " + kJob, "C ws " + kLogin, "C ws " + kLogin}));
}

TEST_F(UnwrapperTest, UpgradeRefused) {
  feed(C, kUpgrade);
  feed(S, reply("{}"));
  feed(C, request("{}"));
  EXPECT_EQ(heard.said.back(), "C POST /json_rpc 0 {}");
}

TEST_F(UnwrapperTest, TlsJoinedInMidRecord) {
  feed(S, "\x99\x80 the rest of a record");
  feed(S, std::string_view("\x17\x03\x03\x00\x40", 5));
  EXPECT_EQ(unwrapper.wrapping(), Wrapping::tls);
}

}  // namespace
}  // namespace davy::network

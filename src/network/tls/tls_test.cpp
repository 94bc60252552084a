#include "network/tls/tls.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/hash.h"
#include "mining/cycle/tls_cycle.h"
#include "network/tls/tls_hello.h"
#include "network/tls/tls_test_peer.h"

namespace davy::network {
namespace {

using mining::Side;
using Sizes = std::vector<std::pair<Side, std::uint32_t>>;

constexpr Side C = Side::client, S = Side::server;

struct Reading {
  TlsReader reader;
  Sizes sizes;

  void feed(Side side, std::string_view bytes, std::size_t step = 1U << 20) {
    for (std::size_t at = 0; at < bytes.size(); at += step)
      reader.feed(side, as_bytes(bytes.substr(at, step)), {},
                  [&](const TlsRecord& r) { sizes.emplace_back(r.side, r.bytes); });
  }
};

void append(Bytes& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value));
}
Bytes with_length(const Bytes& body, int width) {
  Bytes out;
  for (int i = width - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(body.size() >> (8 * i)));
  out.insert(out.end(), body.begin(), body.end());
  return out;
}
Bytes list16(const std::vector<std::uint16_t>& values) {
  Bytes out;
  for (const std::uint16_t value : values) append(out, value);
  return out;
}

// A hello as a known browser sends it, GREASE included: the example in the published description of JA4.
Bytes browser_hello() {
  Bytes extensions;
  const auto add = [&](std::uint16_t type, const Bytes& body) {
    append(extensions, type);
    const Bytes content = with_length(body, 2);
    extensions.insert(extensions.end(), content.begin(), content.end());
  };
  const std::string name = "WWW.Example.com";
  Bytes server_name = {0};
  const Bytes text = with_length(Bytes(name.begin(), name.end()), 2);
  server_name.insert(server_name.end(), text.begin(), text.end());
  add(0x1a1a, {});
  add(0x001b, {2, 0, 2});
  add(0x0000, with_length(server_name, 2));
  add(0x0033, {0, 0});
  add(0x0010, with_length({2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'}, 2));
  add(0x4469, {});
  add(0x0017, {});
  add(0x002d, {1, 1});
  add(0x000d, with_length(list16({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}), 2));
  add(0x0005, {1, 0, 0, 0, 0});
  add(0x0023, {});
  add(0x0012, {});
  add(0x002b, with_length(list16({0x3a3a, 0x0304, 0x0303}), 1));
  add(0xff01, {0});
  add(0x000b, {1, 0});
  add(0x000a, with_length(list16({0x9a9a, 0x001d, 0x0017, 0x0018}), 2));
  add(0x0015, Bytes(10));
  Bytes hello = {3, 3};
  hello.resize(34, 0x11);
  hello.push_back(0);
  const Bytes ciphers = with_length(list16({0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
                                            0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035}),
                                    2);
  hello.insert(hello.end(), ciphers.begin(), ciphers.end());
  hello.insert(hello.end(), {1, 0});
  const Bytes all = with_length(extensions, 2);
  hello.insert(hello.end(), all.begin(), all.end());
  return hello;
}

TEST(TlsHello, FingerprintsOfTheirPublishedExample) {
  const auto hello = parse_client_hello(browser_hello());
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->server_name, "www.example.com");
  EXPECT_EQ(hello->alpn, (std::vector<std::string>{"h2", "http/1.1"}));
  EXPECT_EQ(hello->version, kTls13);
  EXPECT_EQ(ja4_of(*hello, 't'), "t13d1516h2_8daaf6152771_e5627efa2ab1");
  EXPECT_EQ(hello->groups, (std::vector<std::uint16_t>{29, 23, 24}));
  const std::string text =
      "771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,"
      "27-0-51-16-17513-23-45-13-5-35-18-43-65281-11-10-21,29-23-24,0";
  EXPECT_EQ(ja3_of(*hello), to_hex(md5(as_bytes(text))));
}

TEST(TlsHello, EveryCutIsRefused) {
  const Bytes whole = browser_hello();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto hello = parse_client_hello(ByteView(whole).first(size));
    EXPECT_TRUE(!hello || hello->extensions.empty()) << size;  // cut exactly before the extensions
  }
}

TEST(TlsHello, OldHelloWithoutExtensions) {
  Bytes hello = {3, 1};
  hello.resize(34);
  hello.insert(hello.end(), {0, 0, 2, 0, 0x2f, 1, 0});
  const auto parsed = parse_client_hello(hello);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(ja4_of(*parsed, 't').substr(0, 10), "t10i010000");
  EXPECT_TRUE(ja4_of(*parsed, 't').ends_with("_000000000000"));
}

class TlsCutTest : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Cuts, TlsCutTest, testing::Values(1, 100, 1 << 20));

TEST_P(TlsCutTest, Version13) {
  TlsTestPeers peers(TLS1_3_VERSION, nullptr, "DNS:pool.example", "pool.example");
  ASSERT_TRUE(peers.connected());
  for (int i = 0; i < 3; ++i) peers.say(C, std::string(186, 'x')), peers.say(S, std::string(64, 'y'));
  Reading reading;
  for (const auto& [side, bytes] : peers.wire) reading.feed(side, bytes, GetParam());
  const TlsFacts& facts = reading.reader.facts();
  EXPECT_EQ(facts.server_name, "pool.example");
  EXPECT_EQ(facts.version, kTls13);
  EXPECT_EQ(facts.record_overhead(), 22U);
  EXPECT_EQ(ja4_of(facts.client_hello, 't').substr(0, 4), "t13d");
  Sizes sizes = reading.sizes;
  std::erase_if(sizes, [](const auto& one) { return one.second > 208; });  // tickets
  EXPECT_EQ(sizes, (Sizes{{C, 208}, {S, 86}, {C, 208}, {S, 86}, {C, 208}, {S, 86}}));
  EXPECT_EQ(reading.reader.skipped(), 0U);
}

TEST_P(TlsCutTest, Version12) {
  for (const auto& [suite, overhead] :
       {std::pair{"ECDHE-ECDSA-AES128-GCM-SHA256", 29U}, {"ECDHE-ECDSA-CHACHA20-POLY1305", 21U}}) {
    TlsTestPeers peers(TLS1_2_VERSION, suite, "DNS:pool.example,DNS:*.b.example", nullptr);
    ASSERT_TRUE(peers.connected());
    peers.say(C, std::string(186, 'x')), peers.say(S, std::string(64, 'y'));
    Reading reading;
    for (const auto& [side, bytes] : peers.wire) reading.feed(side, bytes, GetParam());
    const TlsFacts& facts = reading.reader.facts();
    EXPECT_EQ(facts.server_name, "");
    EXPECT_EQ(facts.version, kTls12);
    EXPECT_EQ(facts.record_overhead(), overhead);
    EXPECT_EQ(facts.certificate_names, (std::vector<std::string>{"common.example", "pool.example", "*.b.example"}));
    EXPECT_EQ(reading.sizes, (Sizes{{C, 186 + overhead}, {S, 64 + overhead}}));
  }
}

// A miner's shares through a real handshake and cipher, with gaps of chance; the reader feeds the engine.
TEST(TlsReader, ShareCycleThroughTls) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsTestPeers peers(version, nullptr, "DNS:a.example", nullptr);
    std::vector<std::int64_t> times(peers.wire.size(), 0);
    std::int64_t now = 0;
    const auto say = [&](Side side, std::size_t size, double seconds) {
      now += static_cast<std::int64_t>(seconds * 1e9);
      peers.say(side, std::string(size, 'x'));
      times.resize(peers.wire.size(), now);
    };
    say(C, 540, 0.1), say(S, 480, 0.1);
    for (int i = 0; i < 12; ++i) {
      const double gap = -8.5 * std::log((i * 7 % 12 + 0.5) / 12);
      say(C, i < 8 ? 184 : 185, gap), say(S, i < 8 ? 63 : 64, 0.1);
      if (i % 5 == 4) say(S, 378, 0.5);
    }
    TlsReader reader;
    mining::TlsCycle cycle(true);
    for (std::size_t i = 0; i < peers.wire.size(); ++i)
      reader.feed(peers.wire[i].first, as_bytes(peers.wire[i].second), {times[i]}, [&](const TlsRecord& seen) {
        cycle.see(seen.side, seen.bytes - static_cast<std::uint32_t>(reader.facts().record_overhead()), seen.at);
      });
    const auto found = cycle.judge();
    ASSERT_TRUE(found) << version << " " << cycle.best().score;
    EXPECT_EQ(found->profile, "cryptonote");
    EXPECT_EQ(found->client.low, 184U);
    EXPECT_TRUE((found->marks & mining::kCounted) != 0);
  }
}

std::string record(std::size_t body) {
  std::string out = {23, 3, 3, static_cast<char>(body >> 8U), static_cast<char>(body)};
  for (std::size_t i = 0; i < body; ++i) out.push_back(static_cast<char>(i * 37 + 11));
  return out;
}

TEST(TlsReader, JoinsInMidRecord) {
  Reading reading;
  reading.feed(S, record(500).substr(200) + record(60) + record(60));
  reading.feed(S, record(70));
  EXPECT_EQ(reading.sizes, (Sizes{{S, 65}, {S, 65}, {S, 75}}));
  EXPECT_EQ(reading.reader.skipped(), 1U);
}

TEST(TlsReader, GapsInsideAndAcrossRecords) {
  Reading reading;
  reading.feed(S, record(500).substr(0, 100));
  reading.reader.lost(S, 300);
  reading.feed(S, record(500).substr(400) + record(60).substr(0, 30));
  reading.reader.lost(S, 1000);
  reading.feed(S, "rest of another record" + record(80));
  EXPECT_EQ(reading.sizes, (Sizes{{S, 505}, {S, 65}, {S, 85}}));
}

TEST(TlsReader, EndlessHandshakeIsGivenUp) {
  Reading reading;
  std::string part = {22, 3, 1, 0x40, 0};
  part += std::string("\x01\xff\xff\xff", 4) + std::string(0x4000 - 4, 'x');
  for (int i = 0; i < 10; ++i) reading.feed(C, part);
  EXPECT_GE(reading.reader.skipped(), 1U);
  EXPECT_FALSE(reading.reader.facts().has_client_hello);
}

}  // namespace
}  // namespace davy::network

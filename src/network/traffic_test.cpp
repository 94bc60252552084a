#include "network/traffic.h"

#include <gtest/gtest.h>

#include "network/first_bytes.h"
#include "network/test_frames.h"

namespace davy::network {
namespace {

constexpr std::string_view kLogin =
    R"({"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"worker-7","pass":"x","agent":"XMRig/6.21.0","algo":["rx/0"]}})"
    "\n";

std::string job(std::string_view target) {
  return R"("job":{"blob":")" + std::string(152, '0') + R"(","job_id":"j1","target":")" + std::string(target) +
         R"(","algo":"rx/0","height":3,"seed_hash":")" + std::string(64, 'a') + R"("})";
}

class TrafficTest : public ::testing::Test, protected model::ObservationSink {
 protected:
  TrafficTest()
      : knowledge_(*intel::Knowledge::from_parts(
            {{"pools", *Json::parse(R"({"entries":[{"host":"pool.example.org","ports":[3333],"sources":["t"]},
                                                   {"host":"203.0.113.9","ports":[4444],"sources":["t"]}]})")}},
            "1")),
        traffic_({}, 1, knowledge_, *this) {}

  auto into_traffic() {
    return [this](const Frame& frame) { traffic_.frame(frame); };
  }
  void mine(test::TcpTalk& talk) {
    talk.say(into_traffic(), 0, kLogin);
    talk.say(into_traffic(), 1,
             R"({"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"s",)" + job("ffff0000") +
                 R"(,"status":"OK"}})"
                 "\n");
    talk.say(
        into_traffic(), 0,
        R"({"id":2,"jsonrpc":"2.0","method":"submit","params":{"id":"s","job_id":"j1","nonce":"01020304","result":")" +
            std::string(56, '1') + "00000000" + "\"}}\n");
    talk.say(into_traffic(), 1,
             R"({"id":2,"jsonrpc":"2.0","error":null,"result":{"status":"OK"}})"
             "\n");
  }

  // What hosts do in general has tests of its own.
  void accept(model::Observation observation) override {
    if (!std::holds_alternative<model::HostActivity>(observation.value)) seen_.push_back(std::move(observation));
  }
  template <class Type>
  std::vector<Type> all() const {
    std::vector<Type> out;
    for (const auto& o : seen_)
      if (const auto* value = std::get_if<Type>(&o.value)) out.push_back(*value);
    return out;
  }

  intel::Knowledge knowledge_;
  std::vector<model::Observation> seen_;
  TrafficAnalyzer traffic_;
};

TEST_F(TrafficTest, AConversationIsReportedWithItsFlowAndItsShare) {
  test::TcpTalk talk({1, 40'000}, {2, 3'333});
  talk.handshake(into_traffic());
  mine(talk);
  traffic_.finish();
  ASSERT_EQ(all<model::ConversationSeen>().size(), 1U);
  const auto talked = all<model::ConversationSeen>()[0];
  EXPECT_EQ(talked.dialect, "cryptonote");
  EXPECT_EQ(talked.role, "pool");
  EXPECT_EQ(talked.jobs, 1U);
  EXPECT_EQ(talked.shares_sent, 1U);
  EXPECT_EQ(talked.shares_valid, 1U);
  EXPECT_EQ(talked.shares_accepted, 1U);
  const auto flow = all<model::FlowSeen>()[0];
  EXPECT_EQ(flow.flow, talked.flow);
  EXPECT_TRUE(flow.handshake && flow.from_start && flow.both_sides);
}

TEST_F(TrafficTest, JoinedLaterAndWithTheSidesTakenForEachOther) {
  test::TcpTalk talk({1, 3'333}, {2, 40'000});  // the miner's port is the lower one
  mine(talk);
  traffic_.finish();
  ASSERT_EQ(all<model::ConversationSeen>().size(), 1U);
  EXPECT_EQ(all<model::ConversationSeen>()[0].flow.client, "10.0.0.1");
  EXPECT_EQ(all<model::FlowSeen>()[0].flow.server_port, 40'000);
  EXPECT_FALSE(all<model::FlowSeen>()[0].from_start);
}

TEST(FirstBytes, OneOrTwoBytesDecideByTheFirst) {
  for (const std::string_view text : {"{", "{\"", "G", "PO", "\x05", "3."}) EXPECT_TRUE(worth_reading(as_bytes(text)));
  for (const std::string_view text : {"", "x", "\xfe\x01"}) EXPECT_FALSE(worth_reading(as_bytes(text)));
}

TEST_F(TrafficTest, OrdinaryTalkLeavesNothing) {
  test::TcpTalk web({1, 40'000}, {2, 80}), mail({1, 40'001}, {2, 25});
  for (auto* talk : {&web, &mail}) talk->handshake(into_traffic());
  for (int i = 0; i < 40; ++i) {
    web.say(into_traffic(), 0, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    web.say(into_traffic(), 1, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"result\":1}");
    mail.say(into_traffic(), 1, "250 OK\r\n");
    mail.say(into_traffic(), 0, "RCPT TO:<a@example.org>\r\n");
  }
  traffic_.finish();
  EXPECT_TRUE(seen_.empty());
  EXPECT_EQ(traffic_.counts().flows, 2U);
}

void put_name(std::string& out, std::string_view name) {
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    out += static_cast<char>(label.size());
    out += label;
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  out += '\0';
}

// An answer that gives 10.0.0.7 for the name.
std::string dns_answer(std::string_view name) {
  std::string out("\x12\x34\x81\x80\0\1\0\1\0\0\0\0", 12);
  put_name(out, name);
  out += std::string("\0\1\0\1", 4) + std::string("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\0\0\7", 16);
  return out;
}

TEST_F(TrafficTest, AListedNameIsTiedToTheConnectionThatFollows) {
  const auto answer = [&](std::string_view name) {
    const Bytes datagram = test::udp_datagram({9, 53}, {1, 50'000}, dns_answer(name));
    const Bytes bytes = test::ethernet(0x0800, test::ipv4({9, 53}, {1, 50'000}, kUdp, datagram));
    traffic_.frame(test::frame_of(bytes, 1'767'000'000'000'000'000));
  };
  answer("www.example.org");
  answer("eu.pool.example.org");
  test::TcpTalk talk({1, 40'000}, {7, 3'333});
  talk.handshake(into_traffic());
  traffic_.finish();
  ASSERT_EQ(all<model::NameSeen>().size(), 2U);  // the lookup, and the connection
  const auto name = all<model::NameSeen>()[1];
  EXPECT_EQ(name.name, "eu.pool.example.org");
  EXPECT_TRUE(name.has_flow);
  EXPECT_EQ(name.flow.server, "10.0.0.7");
}

TEST_F(TrafficTest, NamesInDnsOverTcpInAnyPieces) {
  const std::string message = dns_answer("eu.pool.example.org");
  const std::string whole = std::string(1, '\0') + static_cast<char>(message.size()) + message;
  test::TcpTalk lookup({1, 50'000}, {9, 53});
  lookup.handshake(into_traffic());
  lookup.say(into_traffic(), 1, whole.substr(0, 2));
  lookup.say(into_traffic(), 1, whole.substr(2, 20));
  lookup.say(into_traffic(), 1, whole.substr(22));
  test::TcpTalk talk({1, 40'000}, {7, 3'333});
  talk.handshake(into_traffic());
  traffic_.finish();
  ASSERT_EQ(all<model::NameSeen>().size(), 2U);
  EXPECT_EQ(all<model::NameSeen>()[0].client, "10.0.0.1");
  EXPECT_TRUE(all<model::NameSeen>()[1].has_flow);
}

TEST_F(TrafficTest, APoolOnThePortOfDnsIsStillRead) {
  test::TcpTalk talk({1, 40'000}, {7, 53});
  talk.handshake(into_traffic());
  mine(talk);
  traffic_.finish();
  ASSERT_EQ(all<model::ConversationSeen>().size(), 1U);
}

TEST_F(TrafficTest, AConnectionToAnEncryptedResolverIsTold) {
  test::TcpTalk talk({1, 40'000}, {7, 853});
  talk.handshake(into_traffic());
  traffic_.finish();
  ASSERT_EQ(all<model::NameSeen>().size(), 1U);
  EXPECT_EQ(all<model::NameSeen>()[0].source, "dot");
}

TEST_F(TrafficTest, ManyConnectionAttemptsStayWithinTheLimit) {
  TrafficAnalyzer small({.flows = {.flows_max = 100}}, 1, knowledge_, *this);
  for (int i = 0; i < 10'000; ++i) {
    const test::End from{static_cast<std::uint8_t>(i % 250), static_cast<std::uint16_t>(1024 + i / 250)}, to{251, 80};
    const Bytes bytes = test::ethernet(0x0800, test::ipv4(from, to, kTcp, test::tcp_segment(from, to, 1, 0, kSyn, "")));
    small.frame(test::frame_of(bytes, 1'767'000'000'000'000'000 + i));
  }
  small.finish();
  EXPECT_EQ(small.counts().flows, 10'000U);
  EXPECT_EQ(small.counts().evicted, 9'900U);
}

TEST_F(TrafficTest, AReportTellsWhatMinesSoFarAndOnlyWhenThereIsMore) {
  test::TcpTalk quiet({4, 40'001}, {5, 80}), talk({1, 40'000}, {2, 3'333});
  quiet.handshake(into_traffic());
  talk.handshake(into_traffic());
  traffic_.report({1'767'000'000'000'000'000});
  EXPECT_TRUE(seen_.empty()) << "nobody mines yet";
  mine(talk);
  traffic_.report({1'767'000'001'000'000'000});
  ASSERT_EQ(all<model::ConversationSeen>().size(), 1U);
  EXPECT_EQ(all<model::FlowSeen>().size(), 1U);
  EXPECT_EQ(all<model::ConversationSeen>()[0].shares_accepted, 1U);
  traffic_.report({1'767'000'002'000'000'000});
  EXPECT_EQ(all<model::ConversationSeen>().size(), 1U) << "nothing came since";
  talk.pass(600'000'000'000);
  talk.say(into_traffic(), 0, "{\"id\":3,\"jsonrpc\":\"2.0\",\"method\":\"keepalived\",\"params\":{\"id\":\"s\"}}\n");
  traffic_.report({1'767'000'603'000'000'000});
  ASSERT_EQ(all<model::FlowSeen>().size(), 2U);
  EXPECT_EQ(all<model::FlowSeen>()[0].flow, all<model::FlowSeen>()[1].flow);
  EXPECT_LT(all<model::FlowSeen>()[0].packets, all<model::FlowSeen>()[1].packets);
  traffic_.finish();
  EXPECT_EQ(all<model::ConversationSeen>().size(), 3U) << "the end is told in any case";
  EXPECT_EQ(traffic_.counts().flows, 2U);
}

}  // namespace
}  // namespace davy::network

#include <gtest/gtest.h>

#include <algorithm>

#include "model/observation.h"
#include "network/detectors.h"

namespace davy::network {
namespace {

using model::ConversationSeen;
using model::FlowSeen;

class WireDetectorsTest : public ::testing::Test, protected model::EvidenceSink {
 protected:
  WireDetectorsTest()
      : knowledge_(*intel::Knowledge::from_parts(
            {{"pools", *Json::parse(R"({"entries":[{"host":"pool.example.org","ports":[3333],"sources":["t"]}]})")},
             {"efficiency", *Json::parse(R"({"algorithms":[{"algorithms":["rx"],"coins":["monero"],
                                             "low":10,"high":100,"source":"t"}]})")}},
            "1")),
        detectors_(create_detectors(knowledge_)) {
    flow_.flow = {"tcp", "10.0.0.1", 40'000, "10.0.0.2", 3'333, 5};
    flow_.handshake = flow_.from_start = flow_.both_sides = true;
    talk_.flow = flow_.flow, talk_.dialect = "cryptonote", talk_.role = "pool", talk_.coin = "monero";
    talk_.client_fits = talk_.server_fits = 2, talk_.jobs = 1;
  }

  std::vector<std::string> see() {
    kinds_.clear();
    for (const model::Observation& o : {model::Observation{{9}, flow_}, model::Observation{{9}, talk_}})
      for (const auto& detector : detectors_) detector->observe(o, *this);
    std::ranges::sort(kinds_);
    return kinds_;
  }

  void add(model::Evidence evidence) override {
    if (evidence.decibans) decibans_ = *evidence.decibans;
    kinds_.push_back(evidence.kind);
  }
  void describe(model::Subject subject) override { subject_ = std::get<model::FlowSubject>(subject); }
  void link(model::Link) override {}

  using Kinds = std::vector<std::string>;
  intel::Knowledge knowledge_;
  std::vector<std::unique_ptr<model::Detector>> detectors_;
  FlowSeen flow_;
  ConversationSeen talk_;
  Kinds kinds_;
  double decibans_ = 0.0;
  model::FlowSubject subject_;
};

TEST_F(WireDetectorsTest, BothSidesThroughAJobAreAConversation) {
  EXPECT_EQ(see(), Kinds{"wire.conversation"});
  EXPECT_EQ(subject_.dialect, "cryptonote");
}

TEST_F(WireDetectorsTest, AForgedLineAccusesNobody) {
  talk_.shares_valid = 3, talk_.share_bits = 60, talk_.wallet = "w";
  flow_.handshake = false;
  EXPECT_EQ(see(), Kinds{"wire.one_sided"});
  flow_.handshake = true, flow_.both_sides = false;
  EXPECT_EQ(see(), Kinds{"wire.one_sided"});
}

TEST_F(WireDetectorsTest, OneSideAloneIsWeak) {
  talk_.server_fits = 0;
  EXPECT_EQ(see(), Kinds{"wire.one_sided"});
}

TEST_F(WireDetectorsTest, SharesWeighWhatChanceAllows) {
  talk_.shares_valid = 2, talk_.share_bits = 8.0;
  EXPECT_EQ(see(), (Kinds{"wire.conversation", "wire.share"}));
  EXPECT_NEAR(decibans_, 24.08, 0.01);
}

TEST_F(WireDetectorsTest, NodesAndWalletsAreNeverMining) {
  for (const char* role : {"node", "wallet", "none"}) {
    talk_.role = role;
    EXPECT_EQ(see(), Kinds{}) << role;
  }
}

TEST_F(WireDetectorsTest, ProxiesAndBorrowedPortsAreSeen) {
  flow_.tunnel = "socks5", flow_.tunnel_host = "eu.pool.example.org", flow_.tunnel_port = 3'333;
  flow_.flow.server_port = talk_.flow.server_port = 443;
  EXPECT_EQ(see(), (Kinds{"flow.known_pool", "wire.borrowed_port", "wire.conversation", "wire.tunnel"}));
}

TEST_F(WireDetectorsTest, TheHashRateComesFromTheSharesBetweenFirstAndLast) {
  talk_.shares_accepted = 101, talk_.expected_hashes = 101'000, talk_.first_share_ns = 1,
  talk_.last_share_ns = 100'000'000'001;
  see();
  EXPECT_NEAR(subject_.hashes_per_second, 1'000.0, 0.001);
  EXPECT_NEAR(subject_.hash_rate_error, 0.1, 0.001);
}

TEST_F(WireDetectorsTest, EnergyFollowsFromTheHashRateAndTheTimeSeen) {
  talk_.shares_accepted = 101, talk_.expected_hashes = 101'000, talk_.first_share_ns = 1,
  talk_.last_share_ns = 100'000'000'001, talk_.algorithm = "rx/0";
  flow_.last_ns = flow_.flow.first_ns + 3'600'000'000'000;
  see();
  EXPECT_NEAR(subject_.watts.low, 10.0, 0.01);
  EXPECT_NEAR(subject_.watts.high, 100.0, 0.1);
  EXPECT_NEAR(subject_.kilowatt_hours.high, 0.1, 0.001);
  talk_.algorithm = "unheard-of";
  see();
  EXPECT_EQ(subject_.watts.high, 0.0);
}

TEST_F(WireDetectorsTest, HiddenLookupsOfItsClientStandBesideAConversation) {
  const model::NameSeen resolver{.client = "10.0.0.1", .name = "dns.example.net", .source = "doh"};
  for (const auto& detector : detectors_) detector->observe({{8}, resolver}, *this);
  EXPECT_TRUE(kinds_.empty());
  EXPECT_EQ(see(), (Kinds{"wire.conversation", "wire.encrypted_dns"}));
}

TEST_F(WireDetectorsTest, AShareCycleInTls) {
  model::TlsSeen tls{.flow = flow_.flow, .ja4 = "t13i", .has_client_hello = true, .profile = "cryptonote"};
  for (const model::Observation& o : {model::Observation{{9}, flow_}, model::Observation{{9}, tls}})
    for (const auto& detector : detectors_) detector->observe(o, *this);
  EXPECT_EQ(kinds_, (Kinds{"wire.tls_cycle_late", "wire.tls_nameless"}));
  tls.cycle_from_start = true, kinds_.clear();
  for (const auto& detector : detectors_) detector->observe({{9}, tls}, *this);
  EXPECT_EQ(kinds_, (Kinds{"wire.tls_cycle", "wire.tls_nameless"}));
  EXPECT_EQ(subject_.dialect, "tls.cryptonote");
}

}  // namespace
}  // namespace davy::network

#include "network/behaviour/behaviour_detector.h"

#include <gtest/gtest.h>

#include "network/behaviour/limits.h"
#include "network/behaviour/policy.h"

namespace davy::network::behaviour {
namespace {

constexpr std::int64_t kWindowNs = Nanoseconds(kWindow).count();
constexpr std::string_view kPolicy = R"(
[[zone]]
name = "offices"
networks = ["10.1.0.0/16"]
[[zone]]
name = "servers"
networks = ["10.2.0.0/16"]
[[allow]]
from = "offices"
to = "servers"
ports = [443]
[[device]]
mac = "02:00:00:00:00:0a"
[[service]]
networks = ["10.2.0.9", "203.0.113.200"]
)";

class BehaviourDetectorTest : public ::testing::Test, protected model::EvidenceSink {
 protected:
  BehaviourDetectorTest() { see(*parse_policy(kPolicy, "p")); }
  void see(model::Observation::Value value, std::int64_t at = 1) { detector_.observe({{at}, std::move(value)}, *this); }
  void add(model::Evidence evidence) override { seen_.push_back(evidence.kind + " " + evidence.subject); }
  void describe(model::Subject) override {}
  void link(model::Link) override {}

  void talk(const char* client, const char* server, std::uint16_t port) {
    see(model::NeighboursSeen{.flow = {"tcp", client, 40'000, server, port, 5}});
  }
  // Twelve ordinary windows, then one that is not.
  void live(const model::HostActivity& ordinary, const model::HostActivity& last) {
    for (int window = 1; window <= 13; ++window) {
      model::HostActivity one = window == 13 ? last : ordinary;
      one.address = "10.1.0.1", one.from_ns = window * kWindowNs;
      see(one);
    }
    see(model::CaptureEnd{});
  }
  void visit(const char* client, std::uint32_t contacts, double gap, double spread,
             const char* server = "203.0.113.1") {
    see(model::ContactsSeen{.client = client,
                            .server = server,
                            .port = 443,
                            .protocol = "tcp",
                            .contacts = contacts,
                            .gap_seconds = gap,
                            .gap_spread = spread,
                            .first_ns = 7});
  }

  using Seen = std::vector<std::string>;
  const intel::Knowledge knowledge_ = *intel::Knowledge::from_parts(
      {{"miner_makers",
        *Json::parse(R"({"makers":[{"maker":"M","source":"s","macs":["e0:a5:09"],"names":["antminer"]}]})")}},
      "1");
  BehaviourDetector detector_{knowledge_};
  Seen seen_;
};

TEST_F(BehaviourDetectorTest, ZonesThatMayNotTalk) {
  talk("10.1.0.1", "10.2.0.1", 443);
  talk("10.1.0.1", "10.1.0.2", 22);
  talk("10.1.0.1", "10.9.0.2", 22);
  EXPECT_EQ(seen_, Seen{});
  talk("10.1.0.1", "10.2.0.1", 22);
  talk("10.2.0.1", "10.1.0.1", 443);
  EXPECT_EQ(seen_.size(), 2U);
  EXPECT_TRUE(seen_[0].starts_with("zone.crossing flow:tcp:10.1.0.1:40000:10.2.0.1:22"));
}

TEST_F(BehaviourDetectorTest, DevicesThatNobodyDeclared) {
  see(model::DeviceSeen{.mac = "02:00:00:00:00:0a", .address = "10.1.0.1", .how = "arp"});
  EXPECT_EQ(seen_, Seen{});
  see(model::DeviceSeen{.mac = "02:00:00:00:00:0b", .address = "10.1.0.2", .how = "arp"});
  EXPECT_EQ(seen_, (Seen{"device.unknown device:10.1.0.2@02:00:00:00:00:0b"}));
}

TEST_F(BehaviourDetectorTest, LearningTakesTheFirstHourForKnown) {
  see(*parse_policy("devices = \"learn\"", "p"));
  see(model::DeviceSeen{.mac = "02:00:00:00:00:01", .address = "10.1.0.1"}, 1);
  see(model::DeviceSeen{.mac = "02:00:00:00:00:01", .address = "10.1.0.5"}, 2 * kLearnDevicesNs);
  EXPECT_EQ(seen_, Seen{});
  see(model::DeviceSeen{.mac = "02:00:00:00:00:02", .address = "10.1.0.6"}, 2 * kLearnDevicesNs);
  EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(BehaviourDetectorTest, WithoutAnyDeclarationNoDeviceIsUnknown) {
  see(model::PolicySeen{});
  see(model::DeviceSeen{.mac = "02:00:00:00:00:0b", .address = "10.1.0.2"});
  talk("10.1.0.1", "10.2.0.1", 22);
  EXPECT_EQ(seen_, Seen{});
}

TEST_F(BehaviourDetectorTest, MachinesMadeForMining) {
  see(model::PolicySeen{});
  see(model::DeviceSeen{.mac = "e0:a5:09:01:02:03", .address = "10.1.0.2", .name = "AntMiner-7"});
  see(model::MinerServiceSeen{
      .flow = {"tcp", "10.1.0.1", 4, "10.1.0.2", 4'028, 5}, .kind = "api", .product = "cgminer"});
  EXPECT_EQ(seen_, (Seen{"device.miner_maker device:10.1.0.2@e0:a5:09:01:02:03",
                         "device.miner_name device:10.1.0.2@e0:a5:09:01:02:03",
                         "device.miner_api device:10.1.0.2@e0:a5:09:01:02:03"}));
}

TEST_F(BehaviourDetectorTest, HabitsThatChange) {
  live({.peers = 30, .brief = 20, .largest_bytes = 1'000'000},
       {.peers = 400, .brief = 900, .largest_bytes = 900'000'000});
  EXPECT_EQ(seen_, (Seen{"habit.fan_out device:10.1.0.1", "habit.brief_connections device:10.1.0.1",
                         "habit.large_transfer device:10.1.0.1"}));
}

TEST_F(BehaviourDetectorTest, ABusyHostThatIsAlwaysBusyIsNone) {
  live({.peers = 2'000, .brief = 5'000, .largest_bytes = 3'000'000'000},
       {.peers = 4'000, .brief = 9'000, .largest_bytes = 9'000'000'000});
  EXPECT_EQ(seen_, Seen{});
}

TEST_F(BehaviourDetectorTest, AScanThatAWindowCutsInTwoDoesNotHideItself) {
  for (int window = 1; window <= 14; ++window)
    see(model::HostActivity{.address = "10.1.0.1",
                            .from_ns = window * kWindowNs,
                            .peers = window == 13   ? 65U
                                     : window == 14 ? 269U
                                                    : 16U});
  see(model::CaptureEnd{});
  EXPECT_EQ(seen_, (Seen{"habit.fan_out device:10.1.0.1"}));
}

TEST_F(BehaviourDetectorTest, AHabitThatChangesForGoodBecomesTheHabit) {
  for (int window = 1; window <= 20; ++window)
    see(model::HostActivity{.address = "10.1.0.1", .from_ns = window * kWindowNs, .peers = window < 13 ? 10U : 500U});
  see(model::CaptureEnd{});
  EXPECT_EQ(seen_.size(), 2U);
}

TEST_F(BehaviourDetectorTest, AHostIsNotJudgedBeforeItIsKnown) {
  for (int window = 1; window <= 3; ++window)
    see(model::HostActivity{.address = "10.1.0.1", .from_ns = window * kWindowNs, .peers = window == 2 ? 4'000U : 1U});
  see(model::CaptureEnd{});
  EXPECT_EQ(seen_, Seen{});
}

TEST_F(BehaviourDetectorTest, ATransferToADeclaredServerIsNone) {
  live({.largest_bytes = 1'000}, {.largest_peer = "10.2.0.9", .largest_bytes = 900'000'000});
  EXPECT_EQ(seen_, Seen{});
}

TEST_F(BehaviourDetectorTest, TheLanesOfALiveCaptureAreAddedUp) {
  for (int window = 1; window <= 13; ++window)
    for (int lane = 0; lane < 4; ++lane)
      see(model::HostActivity{.address = "10.1.0.1", .from_ns = window * kWindowNs, .peers = window == 13 ? 60U : 3U});
  see(model::CaptureEnd{});
  EXPECT_EQ(seen_, (Seen{"habit.fan_out device:10.1.0.1"}));
}

TEST_F(BehaviourDetectorTest, ABeaconIsJudgedWhenItHasComeOftenEnough) {
  visit("10.1.0.1", 16, 300, 0.1);
  EXPECT_EQ(seen_, Seen{});
  visit("10.1.0.1", 32, 300, 0.1);
  EXPECT_EQ(seen_, (Seen{"habit.beacon flow:tcp:10.1.0.1:0:203.0.113.1:443@7"}));
}

TEST_F(BehaviourDetectorTest, AnHourlyBeaconIsJudgedAtTheEnd) {
  visit("10.1.0.1", 16, 3'600, 0.1);
  see(model::CaptureEnd{});
  EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(BehaviourDetectorTest, FleetsIrregularVisitsAndDeclaredServersAreNoBeacons) {
  for (const char* client : {"10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4"}) visit(client, 16, 300, 0.1);
  visit("10.1.0.1", 32, 300, 0.1);
  visit("10.1.0.5", 32, 300, 0.5, "203.0.113.2");
  visit("10.1.0.5", 32, 2, 0.0, "203.0.113.3");
  visit("10.1.0.5", 32, 300, 0.0, "203.0.113.200");
  see(model::CaptureEnd{});
  EXPECT_EQ(seen_, Seen{});
}

}  // namespace
}  // namespace davy::network::behaviour

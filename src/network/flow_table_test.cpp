#include "network/flow_table.h"

#include <gtest/gtest.h>

#include "network/test_frames.h"

namespace davy::network {
namespace {

using mining::Side;

class FlowTableTest : public ::testing::Test {
 protected:
  explicit FlowTableTest(FlowLimits limits = {.flows_max = 4}) : table_(limits, 5, [this](Flow&) { ++goodbyes_; }) {}

  Flow& see(std::uint8_t from, std::uint16_t from_port, std::uint8_t to, std::uint16_t to_port,
            std::uint8_t flags = kAck, std::int64_t seconds = 1) {
    const Bytes bytes =
        test::ethernet(0x0800, test::ipv4({from, from_port}, {to, to_port}, kTcp,
                                          test::tcp_segment({from, from_port}, {to, to_port}, 1, 1, flags, "x")));
    PacketReader reader;
    Packet packet;
    EXPECT_EQ(reader.read(test::frame_of(bytes, seconds * 1'000'000'000), packet), PacketKind::transport);
    return table_.see(packet, side_);
  }

  int goodbyes_ = 0;
  Side side_{};
  FlowTable table_;
};

TEST_F(FlowTableTest, BothDirectionsAreOneFlowAndTheClientIsWhoOpened) {
  see(1, 500, 2, 4000, kSyn);
  EXPECT_EQ(side_, Side::client) << "although its port is the lower one";
  see(2, 4000, 1, 500, kSyn | kAck);
  EXPECT_EQ(side_, Side::server);
  const Flow& flow = see(1, 500, 2, 4000);
  EXPECT_TRUE(flow.established);
  EXPECT_EQ(flow.client_port(), 500);
  EXPECT_EQ(flow.packets[0] + flow.packets[1], 3U);
  EXPECT_EQ(table_.size(), 1U);
}

TEST_F(FlowTableTest, JoinedLaterTheServerHasTheLowerPort) {
  const Flow& flow = see(2, 3333, 1, 50'000);
  EXPECT_EQ(side_, Side::server);
  EXPECT_EQ(flow.client_port(), 50'000);
  EXPECT_FALSE(flow.from_start());
}

TEST_F(FlowTableTest, WhoWasIdleLongestGoesAndIsCounted) {
  for (std::uint16_t port = 1000; port < 1004; ++port) see(1, port, 2, 80);
  see(1, 1000, 2, 80, kAck, 3);  // no longer the oldest
  see(1, 1004, 2, 80, kAck, 3);
  EXPECT_EQ(table_.size(), 4U);
  EXPECT_EQ(table_.evicted(), 1U);
  EXPECT_EQ(goodbyes_, 1);
  EXPECT_EQ(see(1, 1000, 2, 80, kAck, 3).packets[0], 3U);
  EXPECT_EQ(see(1, 1001, 2, 80, kAck, 3).packets[0], 1U) << "this one had gone";
}

TEST_F(FlowTableTest, ClosedOnesGoFirst) {
  for (std::uint16_t port = 1000; port < 1004; ++port) see(1, port, 2, 80);
  see(1, 1002, 2, 80, kRst);
  see(1, 1004, 2, 80);
  EXPECT_EQ(see(1, 1000, 2, 80).packets[0], 2U) << "the oldest";
  EXPECT_EQ(table_.evicted(), 1U);
}

TEST_F(FlowTableTest, ClosedOnesEndSoonUnlessTheyGoOn) {
  see(1, 1000, 2, 80), see(1, 1001, 2, 80), see(1, 1002, 2, 80);
  see(1, 1000, 2, 80, kRst, 2), see(1, 1001, 2, 80, kRst, 2);
  see(1, 1001, 2, 80, kAck, 3);  // somebody else had sent that reset
  see(1, 1003, 2, 80, kAck, 60);
  EXPECT_EQ(goodbyes_, 1);
  EXPECT_EQ(see(1, 1001, 2, 80, kAck, 60).packets[0], 4U);
}

TEST_F(FlowTableTest, IdleAndClosedOnesEnd) {
  see(1, 1000, 2, 80);
  see(1, 1001, 2, 80, kRst);
  see(1, 1002, 2, 80, kAck, 10'000);
  EXPECT_EQ(goodbyes_, 2);
  table_.finish();
  EXPECT_EQ(goodbyes_, 3);
  EXPECT_EQ(table_.size(), 0U);
}

TEST_F(FlowTableTest, PortsUsedAgainAreANewFlow) {
  see(1, 1000, 2, 80, kSyn);
  see(1, 1000, 2, 80, kFin | kAck), see(2, 80, 1, 1000, kFin | kAck);
  see(1, 1000, 2, 80, kSyn);
  EXPECT_EQ(goodbyes_, 1);
  EXPECT_EQ(table_.seen(), 2U);
}

class LargeFlowTableTest : public FlowTableTest {
 protected:
  LargeFlowTableTest() : FlowTableTest({.flows_max = 20'000}) {}
};

TEST_F(LargeFlowTableTest, GrowsAndFindsAllAgain) {
  for (int i = 0; i < 20'000; ++i)
    see(static_cast<std::uint8_t>(i % 200), static_cast<std::uint16_t>(1024 + i / 200), 250, 80);
  for (int i = 0; i < 20'000; ++i)
    ASSERT_EQ(see(static_cast<std::uint8_t>(i % 200), static_cast<std::uint16_t>(1024 + i / 200), 250, 80).packets[0],
              2U);
  EXPECT_EQ(table_.size(), 20'000U);
  EXPECT_EQ(table_.evicted(), 0U);
}

}  // namespace
}  // namespace davy::network

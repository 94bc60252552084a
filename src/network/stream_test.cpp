#include "network/stream.h"

#include <gtest/gtest.h>

#include <string>

namespace davy::network {
namespace {

using mining::Side;

class StreamTest : public ::testing::Test, protected StreamSink {
 protected:
  void segment(Side side, std::uint32_t sequence, std::string_view text, std::uint32_t acknowledged = 0,
               std::uint8_t flags = kAck) {
    Packet packet;
    packet.sequence = sequence, packet.acknowledged = acknowledged, packet.tcp_flags = flags;
    packet.payload = as_bytes(text), packet.payload_bytes = static_cast<std::uint32_t>(text.size());
    stream_.segment(side, packet, *this);
  }
  void client(std::uint32_t sequence, std::string_view text) { segment(Side::client, sequence, text); }

  void data(Side side, ByteView bytes, bool, Timestamp) override {
    heard_[side == Side::client ? 0 : 1] += as_text(bytes);
  }
  void lost(Side side, std::uint64_t bytes) override {
    heard_[side == Side::client ? 0 : 1] += "<" + std::to_string(bytes) + ">";
  }

  Stream stream_;
  std::string heard_[2];
};

TEST_F(StreamTest, InOrderTwiceLateAndOverlapping) {
  segment(Side::client, 99, "", 0, kSyn);
  client(100, "ab"), client(100, "ab"), client(104, "ef"), client(101, "bcd"), client(106, "g");
  EXPECT_EQ(heard_[0], "abcdefg");
}

TEST_F(StreamTest, GoesRoundTheEndOfTheNumbers) {
  client(0xffff'fffe, "ab"), client(2, "ef"), client(0, "cd");
  EXPECT_EQ(heard_[0], "abcdef");
}

TEST_F(StreamTest, BeginsInTheMiddle) {
  client(5'000, "middle");
  EXPECT_EQ(heard_[0], "middle");
}

TEST_F(StreamTest, AnAcknowledgedHoleWasLostByTheCapture) {
  client(0, "ab"), client(10, "kl");
  EXPECT_EQ(heard_[0], "ab");
  segment(Side::server, 77, "ok", 12);
  EXPECT_EQ(heard_[0], "ab<8>kl");
  EXPECT_EQ(heard_[1], "ok");
}

TEST_F(StreamTest, AHoleIsGivenUpAtTheLimit) {
  client(0, "a");
  for (std::uint32_t i = 0; i <= kHeldSegmentsMax; ++i) client(10 + i, "x");
  EXPECT_EQ(heard_[0], "a<9>" + std::string(kHeldSegmentsMax + 1, 'x'));
}

TEST_F(StreamTest, WhatTheCaptureCutIsLost) {
  Packet packet;
  packet.payload = as_bytes("abc"), packet.payload_bytes = 8, packet.tcp_flags = kAck;
  stream_.segment(Side::client, packet, *this);
  client(8, "next");
  EXPECT_EQ(heard_[0], "abc<5>next");
}

}  // namespace
}  // namespace davy::network

#include "network/packet.h"

#include <gtest/gtest.h>

#include "network/test_frames.h"

namespace davy::network {
namespace {

using test::End;

constexpr End kClient{1, 40'000}, kServer{2, 3'333};

Bytes tcp_packet(std::string_view payload = "hello") {
  return test::ipv4(kClient, kServer, kTcp, test::tcp_segment(kClient, kServer, 7, 9, kPsh | kAck, payload));
}

class PacketTest : public ::testing::Test {
 protected:
  PacketKind read(const Bytes& bytes, std::uint32_t link = 1) {
    held_ = bytes;
    return reader_.read(test::frame_of(held_, 1, link), packet_);
  }
  void expect_hello() const {
    EXPECT_EQ(to_text(packet_.source), "10.0.0.1");
    EXPECT_EQ(to_text(packet_.destination), "10.0.0.2");
    EXPECT_EQ(packet_.source_port, 40'000);
    EXPECT_EQ(packet_.destination_port, 3'333);
    EXPECT_EQ(packet_.sequence, 7U);
    EXPECT_EQ(packet_.payload_bytes, 5U);
    EXPECT_EQ(as_text(packet_.payload), "hello");
  }

  Bytes held_;
  PacketReader reader_;
  Packet packet_;
};

Bytes join(Bytes front, const Bytes& back) {
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

TEST_F(PacketTest, ReadsEveryLinkTypeDownToThePayload) {
  const Bytes ip = tcp_packet();
  const std::vector<std::pair<std::uint32_t, Bytes>> frames = {
      {1, test::ethernet(0x0800, ip)},
      {101, ip},
      {12, ip},
      {228, ip},
      {0, join({2, 0, 0, 0}, ip)},
      {113, join({0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0}, ip)},
      {276, join({8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, ip)},
      {9, join({0xff, 0x03, 0x00, 0x21}, ip)},
  };
  for (const auto& [link, bytes] : frames) {
    ASSERT_EQ(read(bytes, link), PacketKind::transport) << link;
    expect_hello();
  }
  EXPECT_EQ(read(ip, 9999), PacketKind::unsupported_link);
}

TEST_F(PacketTest, ReadsThroughTagsLabelsAndTunnels) {
  const Bytes ip = tcp_packet();
  ASSERT_EQ(read(test::ethernet(0x88a8, join({0, 5, 0x81, 0, 0, 7, 8, 0}, ip))), PacketKind::transport);
  expect_hello();
  EXPECT_EQ(packet_.vlan, 7);
  ASSERT_EQ(read(test::ethernet(0x8847, join({0, 0, 0, 64, 0, 0, 1, 64}, ip))), PacketKind::transport);
  expect_hello();
  ASSERT_EQ(read(test::ethernet(0x8864, join({0x11, 0, 0, 1, 0, 47, 0, 0x21}, ip))), PacketKind::transport);
  expect_hello();
  const Bytes gre = join({0x20, 0, 0x08, 0, 0, 0, 0, 1}, ip);  // with a key
  ASSERT_EQ(read(test::ethernet(0x0800, test::ipv4({8, 0}, {9, 0}, 47, gre))), PacketKind::transport);
  expect_hello();
  const Bytes vxlan = join({8, 0, 0, 0, 0, 0, 1, 0}, test::ethernet(0x0800, ip));
  const Bytes outer = test::udp_datagram({8, 50'000}, {9, 4'789}, as_text(vxlan));
  ASSERT_EQ(read(test::ethernet(0x0800, test::ipv4({8, 0}, {9, 0}, kUdp, outer))), PacketKind::transport);
  expect_hello();
}

TEST_F(PacketTest, ReadsIpv6WithExtensionHeaders) {
  Bytes ip = {0x60, 0, 0, 0};
  const Bytes segment = test::tcp_segment(kClient, kServer, 7, 9, kAck, "hello");
  test::put16(ip, static_cast<std::uint32_t>(8 + segment.size()));
  ip.insert(ip.end(), {0, 64});
  for (const int last : {1, 2}) {
    ip.insert(ip.end(), {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    ip.push_back(static_cast<std::uint8_t>(last));
  }
  ip.insert(ip.end(), {kTcp, 0, 1, 4, 0, 0, 0, 0});
  ip.insert(ip.end(), segment.begin(), segment.end());
  ASSERT_EQ(read(test::ethernet(0x86dd, ip)), PacketKind::transport);
  EXPECT_EQ(to_text(packet_.source), "2001:db8::1");
  EXPECT_EQ(as_text(packet_.payload), "hello");
}

TEST_F(PacketTest, PutsFragmentsTogetherInAnyOrderAndRefusesOverlaps) {
  const Bytes segment = test::tcp_segment(kClient, kServer, 7, 9, kAck, "hello");
  const Bytes front(segment.begin(), segment.begin() + 16), back(segment.begin() + 16, segment.end());
  const Bytes first = test::ethernet(0x0800, test::ipv4(kClient, kServer, kTcp, front, 0x2000));
  const Bytes last = test::ethernet(0x0800, test::ipv4(kClient, kServer, kTcp, back, 2));
  EXPECT_EQ(read(last), PacketKind::fragment);
  ASSERT_EQ(read(first), PacketKind::transport);
  expect_hello();
  EXPECT_EQ(read(first), PacketKind::fragment);
  EXPECT_EQ(read(first), PacketKind::fragment);
  EXPECT_EQ(read(last), PacketKind::fragment) << "spoilt by the overlap";
  EXPECT_EQ(reader_.fragments().given_up(), 1U);
}

TEST_F(PacketTest, EveryCutIsAnAnswerAndNoCutReadsBehindItsEnd) {
  const Bytes whole = test::ethernet(0x8100, join({0, 7, 8, 0}, tcp_packet()));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    const PacketKind kind = read(cut);
    EXPECT_TRUE(kind == PacketKind::truncated || (kind == PacketKind::transport && packet_.payload.size() < 5))
        << length;
  }
}

TEST_F(PacketTest, PaddingIsNoPayload) {
  ASSERT_EQ(read(join(test::ethernet(0x0800, tcp_packet()), {0, 0, 0, 0, 0, 0})), PacketKind::transport);
  expect_hello();
}

}  // namespace
}  // namespace davy::network

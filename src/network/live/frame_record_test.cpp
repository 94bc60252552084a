#include "network/live/frame_record.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "network/capture_parser.h"
#include "network/test_frames.h"

namespace davy::network {
namespace {

// What the parser of captures makes of a record.
struct Kept final : FrameSink {
  void frame(const Frame& frame) override {
    at = frame.at, link_type = frame.link_type, original = frame.original_bytes;
    bytes.assign(frame.bytes.begin(), frame.bytes.end());
    PacketReader().read(frame, packet);
    payload = std::string(as_text(packet.payload));
    packet.payload = packet.link_payload = {};  // they end with this call
    ++count;
  }
  Timestamp at;
  std::uint32_t link_type = 0, original = 0;
  Bytes bytes;
  Packet packet;
  std::string payload;
  int count = 0;
};

Kept read_back(const LiveFrame& frame) {
  std::array<std::uint8_t, 512> window{};
  std::size_t used = put_capture_header(window);
  used += put_frame_record(frame, std::span(window).subspan(used));
  Kept out;
  CaptureParser parser(out);
  EXPECT_TRUE(parser.feed(ByteView(window).first(used)).has_value());
  EXPECT_TRUE(parser.finish().has_value());
  EXPECT_EQ(out.count, 1);
  return out;
}

Bytes greeting() { return test::ipv4({1, 40'000}, {2, 53}, kUdp, test::udp_datagram({1, 40'000}, {2, 53}, "hello")); }

TEST(FrameRecordTest, AFrameIsKeptAsItIs) {
  const Bytes bytes = test::ethernet(0x0800, greeting());
  const Kept kept = read_back({.at = {1'767'000'000'123'456'789}, .original_bytes = 1'500, .bytes = bytes});
  EXPECT_EQ(kept.at.nanoseconds, 1'767'000'000'123'456'789);
  EXPECT_EQ(kept.link_type, 1U);
  EXPECT_EQ(kept.original, 1'500U);
  EXPECT_EQ(kept.bytes, bytes);
}

TEST(FrameRecordTest, ATagIsPutBackWhereItStood) {
  const Bytes bytes = test::ethernet(0x0800, greeting());
  for (const std::uint16_t protocol : {std::uint16_t{0x8100}, std::uint16_t{0x88a8}}) {
    const Kept kept = read_back({.original_bytes = 60, .bytes = bytes, .tag = VlanTag{protocol, 0x6123}});
    EXPECT_EQ(kept.packet.vlan, 0x123);
    EXPECT_EQ(kept.packet.destination_port, 53);
    EXPECT_EQ(kept.original, 64U);
    EXPECT_EQ(kept.bytes.size(), bytes.size() + 4);
  }
}

TEST(FrameRecordTest, AFrameWithoutALinkLayerGetsOne) {
  const Bytes bytes = greeting();
  const Kept kept = read_back({.original_bytes = 33, .bytes = bytes, .ether_type = 0x0800});
  EXPECT_EQ(kept.packet.destination_port, 53);
  EXPECT_EQ(kept.payload, "hello");
  const Kept tagged =
      read_back({.original_bytes = 33, .bytes = bytes, .tag = VlanTag{.control = 7}, .ether_type = 0x0800});
  EXPECT_EQ(tagged.packet.vlan, 7);
  EXPECT_EQ(tagged.payload, "hello");
}

TEST(FrameRecordTest, NothingIsWrittenWhereThereIsNoRoom) {
  const Bytes bytes = test::ethernet(0x0800, greeting());
  const LiveFrame frame{.bytes = bytes, .tag = VlanTag{}};
  Bytes window(16 + 4 + bytes.size(), 0xee);
  EXPECT_EQ(put_frame_record(frame, std::span(window).first(window.size() - 1)), 0U);
  EXPECT_EQ(window, Bytes(window.size(), 0xee));
  EXPECT_EQ(put_frame_record(frame, window), window.size());
  EXPECT_EQ(put_capture_header(std::span(window).first(kCaptureHeaderBytes - 1)), 0U);
}

TEST(FrameRecordTest, AFrameTooShortForATagStaysAsItIs) {
  const Bytes bytes = {1, 2, 3};
  EXPECT_EQ(read_back({.bytes = bytes, .tag = VlanTag{}}).bytes, bytes);
  EXPECT_EQ(read_back({}).bytes, Bytes{});
}

}  // namespace
}  // namespace davy::network

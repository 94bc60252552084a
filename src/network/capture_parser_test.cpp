#include "network/capture_parser.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace davy::network {
namespace {

struct Kept {
  std::int64_t ns;
  std::uint32_t link;
  std::string bytes;
  friend bool operator==(const Kept&, const Kept&) = default;
};

class Keeper final : public FrameSink {
 public:
  void frame(const Frame& frame) override {
    kept.push_back({frame.at.nanoseconds, frame.link_type, std::string(as_text(frame.bytes))});
  }
  std::vector<Kept> kept;
};

void put(Bytes& out, std::uint32_t value, int bytes, bool big) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8 * (big ? bytes - 1 - i : i)));
}

Bytes pcap(bool big, std::uint32_t magic = 0xa1b2c3d4) {
  Bytes out;
  put(out, magic, 4, big), put(out, 2, 2, big), put(out, 4, 2, big), put(out, 0, 4, big), put(out, 0, 4, big);
  put(out, 65'535, 4, big), put(out, 101, 4, big);
  for (const std::string_view text : {"first", "second frame"}) {
    put(out, 100, 4, big), put(out, 5, 4, big), put(out, static_cast<std::uint32_t>(text.size()), 4, big);
    put(out, 2000, 4, big);
    out.insert(out.end(), text.begin(), text.end());
  }
  return out;
}

void block(Bytes& out, std::uint32_t type, const Bytes& body, bool big) {
  const auto length = static_cast<std::uint32_t>(12 + (body.size() + 3) / 4 * 4);
  put(out, type, 4, big), put(out, length, 4, big);
  out.insert(out.end(), body.begin(), body.end());
  out.resize(out.size() + (4 - body.size() % 4) % 4);
  put(out, length, 4, big);
}

// A section, an interface with nanoseconds, a packet block, and a kind of block that is not known.
Bytes pcapng(bool big) {
  Bytes out, section, interface, packet;
  put(section, 0x1a2b3c4d, 4, big), put(section, 1, 4, big), put(section, ~0U, 4, big), put(section, ~0U, 4, big);
  block(out, 0x0a0d0d0a, section, big);
  put(interface, 1, 2, big), put(interface, 0, 2, big), put(interface, 0, 4, big);
  put(interface, 9, 2, big), put(interface, 1, 2, big), interface.insert(interface.end(), {9, 0, 0, 0});
  block(out, 1, interface, big);
  block(out, 0xbad, {1, 2, 3}, big);
  put(packet, 0, 4, big), put(packet, 1, 4, big), put(packet, 7, 4, big), put(packet, 5, 4, big),
      put(packet, 5, 4, big);
  packet.insert(packet.end(), {'h', 'e', 'l', 'l', 'o'});
  block(out, 6, packet, big);
  return out;
}

Bytes gzip(const Bytes& plain) {
  Bytes out(plain.size() + 200);
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = const_cast<Bytef*>(plain.data()), stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = out.data(), stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::vector<Kept> read_in_steps(const Bytes& file, std::size_t step, Status* end = nullptr) {
  Keeper keeper;
  CaptureParser parser(keeper);
  for (std::size_t at = 0; at < file.size(); at += step) {
    const Status fed = parser.feed(ByteView(file).subspan(at, std::min(step, file.size() - at)));
    EXPECT_TRUE(fed.has_value()) << describe(fed.error());
  }
  const Status finished = parser.finish();
  if (end != nullptr) *end = finished;
  else EXPECT_TRUE(finished.has_value()) << describe(finished.error());
  return keeper.kept;
}

TEST(CaptureParser, ReadsEveryKindInBlocksOfAnySize) {
  const std::vector<Kept> micro = {{100'000'005'000, 101, "first"}, {100'000'005'000, 101, "second frame"}};
  const std::vector<Kept> nano = {{100'000'000'005, 101, "first"}, {100'000'000'005, 101, "second frame"}};
  const std::vector<Kept> next = {{(1LL << 32) + 7, 1, "hello"}};
  for (const std::size_t step : {1U, 3U, 17U, 100'000U})
    for (const bool big : {false, true}) {
      EXPECT_EQ(read_in_steps(pcap(big), step), micro);
      EXPECT_EQ(read_in_steps(pcap(big, 0xa1b23c4d), step), nano);
      EXPECT_EQ(read_in_steps(pcapng(big), step), next);
      EXPECT_EQ(read_in_steps(gzip(pcap(big)), step), micro);
    }
}

TEST(CaptureParser, SaysWhenItEndsInsideARecord) {
  Bytes file = pcap(false);
  file.pop_back();
  Status end;
  EXPECT_EQ(read_in_steps(file, 7, &end).size(), 1U);
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, ErrorCode::interrupted);
}

Status feed_all(const Bytes& file) {
  Keeper keeper;
  CaptureParser parser(keeper);
  TRY(parser.feed(file));
  return parser.finish();
}

TEST(CaptureParser, RefusesWhatIsNoCapture) {
  EXPECT_FALSE(feed_all({}).has_value());
  EXPECT_FALSE(feed_all({'P', 'K', 3, 4, 5}).has_value());
  Bytes long_record = pcap(false);
  long_record[32] = long_record[33] = long_record[34] = long_record[35] = 0xff;
  EXPECT_EQ(feed_all(long_record).error().code, ErrorCode::malformed);
  Bytes damaged = gzip(pcap(false));
  damaged[30] ^= 0xff, damaged[31] ^= 0xff;
  EXPECT_FALSE(feed_all(damaged).has_value());
}

}  // namespace
}  // namespace davy::network

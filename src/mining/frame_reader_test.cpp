#include "mining/frame_reader.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

// Frames of 'F' and the body's length as two big-endian bytes.
std::optional<FrameReader::Shape> shape_of(ByteView head) {
  if (head[0] != 'F') return std::nullopt;
  if (head.size() < 3) return FrameReader::Shape{.head = 3};
  return FrameReader::Shape{.head = 3, .body = *read_u16_be(head, 1)};
}

Bytes frame(std::size_t body) {
  Bytes out = {'F', static_cast<std::uint8_t>(body >> 8U), static_cast<std::uint8_t>(body)};
  out.resize(3 + body, 'b');
  return out;
}

class Seen {
 public:
  bool feed(ByteView bytes, std::uint64_t offset, bool packet_start = true) {
    return reader_.feed(bytes, offset, packet_start, shape_of, [&](ByteView, ByteView body, std::uint64_t length) {
      kept.push_back(body.size()), lengths.push_back(length);
    });
  }
  std::vector<std::uint64_t> kept, lengths;

 private:
  FrameReader reader_;
};

TEST(FrameReader, ReadsFramesHoweverTheyAreSplit) {
  Bytes bytes;
  for (const std::size_t body : {0U, 5U, 3'000U, 1U}) {
    const Bytes next = frame(body);
    bytes.insert(bytes.end(), next.begin(), next.end());
  }
  for (const std::size_t piece : {1U, 2U, 7U, 1'000U, 10'000U}) {
    Seen seen;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      EXPECT_TRUE(seen.feed(ByteView(bytes).subspan(at, std::min(piece, bytes.size() - at)), at, false));
    EXPECT_EQ(seen.lengths, (std::vector<std::uint64_t>{0, 5, 3'000, 1}));
    EXPECT_EQ(seen.kept, (std::vector<std::uint64_t>{0, 5, FrameReader::kBodyKept, 1}));
  }
}

TEST(FrameReader, PassesOverALossWithinABodyOnly) {
  Seen seen;
  const Bytes bytes = frame(3'000);
  EXPECT_TRUE(seen.feed(ByteView(bytes).first(1'500), 0));
  EXPECT_TRUE(seen.feed(ByteView(bytes).last(503), 2'500)) << "1,000 bytes were lost";
  EXPECT_TRUE(seen.feed(frame(1), 3'003, false));
  EXPECT_TRUE(seen.feed(ByteView(bytes).first(1'500), 3'007));
  EXPECT_FALSE(seen.feed(frame(2), 7'000, false)) << "more than the body was lost";
  EXPECT_TRUE(seen.feed(frame(2), 7'005)) << "a packet begins";
  EXPECT_EQ(seen.lengths, (std::vector<std::uint64_t>{3'000, 1, 3'000, 2}));
}

TEST(FrameReader, LooksForFramesWherePacketsBegin) {
  Seen seen;
  EXPECT_FALSE(seen.feed(as_bytes("middle of something"), 0));
  EXPECT_FALSE(seen.feed(frame(2), 19, false));
  EXPECT_TRUE(seen.feed(frame(2), 24));
  EXPECT_EQ(seen.lengths.size(), 1U);
}

}  // namespace
}  // namespace davy::mining

// The two directions of a TCP connection as bytes in order, out of segments that come twice, late, overlapping or
// never.
//
// A late segment is waited for until kHeldBytesMax bytes or kHeldSegmentsMax segments have come after it, or until the
// other side has acknowledged it (then the capture lost it): the hole is reported and reading goes on behind it. May
// begin in mid-stream. Of bytes that come twice the first ones stand. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mining/dialect.h"
#include "network/packet.h"

namespace davy::network {

inline constexpr std::size_t kHeldBytesMax = 64U << 10;  // of one direction
inline constexpr std::size_t kHeldSegmentsMax = 32;

class StreamSink {
 public:
  virtual ~StreamSink() = default;
  // `packet_start`: these bytes began a segment.
  virtual void data(mining::Side side, ByteView bytes, bool packet_start, Timestamp at) = 0;
  virtual void lost(mining::Side side, std::uint64_t bytes) = 0;
};

class Stream {
 public:
  // One segment that `side` sent.
  void segment(mining::Side side, const Packet& packet, StreamSink& sink);

 private:
  struct Held {
    std::uint32_t sequence = 0;
    std::uint32_t original_bytes = 0;
    Bytes bytes;
    Timestamp at;
  };
  struct Direction {
    bool started = false;
    std::uint32_t next = 0;  // the sequence number of the next byte
    std::vector<Held> held;  // ascending
    std::size_t held_bytes = 0;
  };

  static void deliver(Direction& direction, mining::Side side, std::uint32_t sequence, ByteView bytes,
                      std::uint32_t original_bytes, Timestamp at, StreamSink& sink);
  static void drain(Direction& direction, mining::Side side, StreamSink& sink);
  static void hold(Direction& direction, const Packet& packet, std::uint32_t sequence);
  static void skip_hole(Direction& direction, mining::Side side, StreamSink& sink);

  std::array<Direction, 2> directions_;
};

}  // namespace davy::network

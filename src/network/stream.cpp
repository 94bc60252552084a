#include "network/stream.h"

#include <algorithm>

namespace davy::network {
namespace {

// How far `a` is behind `b` in the circle of sequence numbers; negative when it is before.
std::int32_t distance(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b); }

}  // namespace

void Stream::deliver(Direction& direction, mining::Side side, std::uint32_t sequence, ByteView bytes,
                     std::uint32_t original_bytes, Timestamp at, StreamSink& sink) {
  const std::int32_t behind = distance(sequence, direction.next);
  const auto known = static_cast<std::uint32_t>(behind < 0 ? -behind : 0);
  if (known >= original_bytes) return;  // all of it came before
  if (known < bytes.size()) sink.data(side, bytes.subspan(known), known == 0, at);
  const std::uint32_t first_missing = std::max(known, static_cast<std::uint32_t>(bytes.size()));
  if (first_missing < original_bytes) sink.lost(side, original_bytes - first_missing);  // the capture cut it
  direction.next += original_bytes - known;
}

void Stream::drain(Direction& direction, mining::Side side, StreamSink& sink) {
  while (!direction.held.empty() && distance(direction.held.front().sequence, direction.next) <= 0) {
    const Held held = std::move(direction.held.front());
    direction.held.erase(direction.held.begin());
    direction.held_bytes -= held.bytes.size();
    deliver(direction, side, held.sequence, held.bytes, held.original_bytes, held.at, sink);
  }
}

void Stream::hold(Direction& direction, const Packet& packet, std::uint32_t sequence) {
  const auto at =
      std::ranges::find_if(direction.held, [&](const Held& held) { return distance(held.sequence, sequence) >= 0; });
  if (at != direction.held.end() && at->sequence == sequence) return;
  direction.held_bytes += packet.payload.size();
  direction.held.insert(
      at, {sequence, packet.payload_bytes, Bytes(packet.payload.begin(), packet.payload.end()), packet.at});
}

void Stream::skip_hole(Direction& direction, mining::Side side, StreamSink& sink) {
  const std::uint32_t to = direction.held.front().sequence;
  sink.lost(side, to - direction.next);
  direction.next = to;
  drain(direction, side, sink);
}

void Stream::segment(mining::Side side, const Packet& packet, StreamSink& sink) {
  Direction& own = directions_[static_cast<std::size_t>(side)];
  Direction& other = directions_[1 - static_cast<std::size_t>(side)];
  const auto other_side = side == mining::Side::client ? mining::Side::server : mining::Side::client;
  if ((packet.tcp_flags & kAck) != 0)
    while (!other.held.empty() && distance(packet.acknowledged, other.held.front().sequence) >= 0)
      skip_hole(other, other_side, sink);
  std::uint32_t sequence = packet.sequence;
  if ((packet.tcp_flags & kSyn) != 0) {
    ++sequence;
    if (!own.started) own.started = true, own.next = sequence;
  }
  if (packet.payload_bytes == 0) return;
  if (!own.started) own.started = true, own.next = sequence;
  if (distance(sequence, own.next) <= 0) {
    deliver(own, side, sequence, packet.payload, packet.payload_bytes, packet.at, sink);
  } else {
    hold(own, packet, sequence);
    if (own.held_bytes > kHeldBytesMax || own.held.size() > kHeldSegmentsMax) skip_hole(own, side, sink);
  }
  drain(own, side, sink);
}

}  // namespace davy::network

// What the layers of the unwrapper have in common. Not for use outside network/unwrap and unwrapper.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "network/unwrapper.h"

namespace davy::network {

// Bytes of one side as they arrived. `packet_start`: they began a packet.
struct Piece {
  mining::Side side = mining::Side::client;
  ByteView bytes;
  Timestamp at;
  bool packet_start = false;
};

inline std::size_t index(mining::Side side) { return static_cast<std::size_t>(side); }

// Where layers put what they find.
struct Output {
  UnwrapSink& sink;
  std::uint64_t skipped = 0;
};

// What a layer has inside of it, once it lets a side through.
enum class Inside : std::uint8_t { undecided, websocket, raw };

// A layer: takes bytes of both sides and puts what it finds into an Output.
class Reader {
 public:
  virtual ~Reader() = default;
  // Returns how many bytes belong to this layer. Fewer than there are only when this side is open from there on.
  virtual std::size_t feed(const Piece& piece) = 0;
  virtual void lost(mining::Side side, std::uint64_t bytes) = 0;
  // The rest of this side belongs to the layer inside.
  virtual bool open(mining::Side) const { return false; }
  virtual Inside inside() const { return Inside::undecided; }
  // The bytes were not this layer's after all.
  virtual bool failed() const { return false; }
  // It may still fail: what it was given is to be kept.
  virtual bool tentative() const { return false; }
};

}  // namespace davy::network

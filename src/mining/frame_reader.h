// One side's bytes as frames of a fixed head and a body of a stated length, for dialects that are not text.
//
// Bytes come in pieces of any size; the head and the first kBodyKept bytes of each body are kept, and the frame is
// handed on as soon as these are there; the rest is passed over without being stored. A loss within that rest does no
// harm; after any other one, or where the capture joined, frames are looked for at the beginning of packets only. Not
// thread-safe; one object a side. Memory: kHeadMax + kBodyKept bytes.
#pragma once

#include <algorithm>
#include <optional>

#include "base/bytes.h"

namespace davy::mining {

class FrameReader {
 public:
  static constexpr std::size_t kHeadMax = 64;
  static constexpr std::size_t kBodyKept = 1'024;
  static constexpr std::uint64_t kBodyMax = 64U << 20;  // a longer body is none

  struct Shape {
    std::size_t head = 0;    // bytes; more than are there: come again with at least so many, at most kHeadMax
    std::uint64_t body = 0;  // bytes behind it
  };

  // Takes the next bytes. `shape_of(ByteView head)` says how long the frame at its beginning is, or nothing when none
  // begins there; `frame(ByteView head, ByteView body_kept, std::uint64_t body_bytes)` gets each frame.
  // False when bytes came that are no frame.
  template <class ShapeOf, class Frame>
  bool feed(ByteView bytes, std::uint64_t offset, bool packet_start, const ShapeOf& shape_of, const Frame& frame) {
    if (offset != expected_) pass_over(offset);
    expected_ = offset + bytes.size();
    if (!synced_ && packet_start && kept_.empty()) synced_ = true;
    if (!synced_) return false;
    while (!bytes.empty())
      if (!step(bytes, shape_of, frame)) {
        lose();
        return false;
      }
    return true;
  }

  bool synced() const { return synced_; }

 private:
  void begin_frame() {
    kept_.clear(), shape_.reset();
    body_seen_ = 0, wanted_ = 1, handed_on_ = false;
  }

  void lose() {
    begin_frame();
    synced_ = false;
  }

  // A gap before `offset`: harmless when it ends within a body whose kept part is there.
  void pass_over(std::uint64_t offset) {
    const std::uint64_t gap = offset - expected_;
    if (!handed_on_ || offset < expected_ || gap > shape_->body - body_seen_) return lose();
    body_seen_ += gap;
    if (body_seen_ == shape_->body) begin_frame();
  }

  template <class ShapeOf, class Frame>
  bool step(ByteView& bytes, const ShapeOf& shape_of, const Frame& frame) {
    if (!shape_) {
      take(bytes, wanted_ - kept_.size());
      if (kept_.size() < wanted_) return true;
      const std::optional<Shape> shape = shape_of(ByteView(kept_));
      if (!shape || shape->head > kHeadMax || shape->body > kBodyMax) return false;
      wanted_ = shape->head;
      if (kept_.size() < shape->head) return true;
      shape_ = shape;
    }
    take_body(bytes);
    if (!handed_on_ && body_seen_ >= std::min<std::uint64_t>(shape_->body, kBodyKept)) {
      const ByteView all(kept_);
      frame(all.first(shape_->head), all.subspan(shape_->head), shape_->body);
      handed_on_ = true;
    }
    if (body_seen_ == shape_->body) begin_frame();
    return true;
  }

  void take(ByteView& bytes, std::size_t most) {
    const ByteView part = bytes.first(std::min(most, bytes.size()));
    kept_.insert(kept_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
  }

  void take_body(ByteView& bytes) {
    const std::uint64_t missing = shape_->body - body_seen_;
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(missing, bytes.size()));
    const std::size_t room = kBodyKept - std::min(kBodyKept, kept_.size() - shape_->head);
    const ByteView kept = bytes.first(std::min(part, room));
    kept_.insert(kept_.end(), kept.begin(), kept.end());
    body_seen_ += part;
    bytes = bytes.subspan(part);
  }

  Bytes kept_;
  std::optional<Shape> shape_;
  std::size_t wanted_ = 1;
  std::uint64_t body_seen_ = 0;
  bool handed_on_ = false;
  std::uint64_t expected_ = 0;
  bool synced_ = true;  // a capture that joined in mid-stream is found out by the first head
};

}  // namespace davy::mining

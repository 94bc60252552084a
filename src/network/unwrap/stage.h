// One level of a connection: what the bytes are at this depth of proxies, decided by their beginning, and the layer
// that reads them.
//
// Bytes are held until they decide (kHeldBytesMax); a connection that is no layer's is text or binary at once and its
// bytes go to the sink as they come. Such a connection may still turn out to be something: the capture joined in
// mid-stream (a line that begins with '{'), or STARTTLS was spoken. It is looked at while its first packets last
// (kRejoinPieces, kRejoinBytes a side). Not thread-safe.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "network/unwrap/guess.h"
#include "network/unwrap/reader.h"

namespace davy::network {

inline constexpr std::size_t kHeldBytesMax = 8U << 10;
inline constexpr int kRejoinPieces = 12;
inline constexpr std::uint64_t kRejoinBytes = 64U << 10;

class Stage {
 public:
  using Next = std::function<void(const Piece&)>;

  // `inside`: what the level before said of it. `last`: no further proxies are followed.
  Stage(Output& out, Inside inside, bool last);

  // What does not belong to this level goes to `next`.
  void feed(Piece piece, const Next& next);
  void lost(mining::Side side, std::uint64_t bytes);
  Wrapping wrapping() const { return wrapping_; }
  bool open(mining::Side side) const { return reader_ && reader_->open(side); }
  Inside inside() const { return reader_ ? reader_->inside() : Inside::raw; }

 private:
  struct Held {
    mining::Side side;
    Bytes bytes;
    Timestamp at;
    bool packet_start;
  };
  struct Raw {
    std::uint64_t offset = 0;
    int pieces = 0;
    bool line_start = true, brace = false;
  };

  void decide(const Piece& piece, const Next& next);
  void read(const Piece& piece, const Next& next);
  void raw(const Piece& piece, const Next& next);
  void give(const Piece& piece);
  bool rejoins(const Piece& piece, const Next& next);
  bool finds_line(const Piece& piece, const Next& next);
  void begin_json(Piece piece, std::size_t at, const Next& next);
  void hold(const Piece& piece);
  Guess guess_of(const Piece& piece);
  void choose(Guess what);
  void replay(const Next& next);

  Output& out_;
  const bool last_;
  const bool settled_;  // bytes, whatever they look like
  Wrapping wrapping_ = Wrapping::unknown;
  std::unique_ptr<Reader> reader_;  // null when undecided, text or binary
  bool decided_ = false;
  std::vector<Held> held_;
  std::size_t held_bytes_ = 0;
  std::array<bool, 2> seen_{}, gap_{};
  std::array<Raw, 2> raw_;
};

}  // namespace davy::network

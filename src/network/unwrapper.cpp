#include "network/unwrapper.h"

#include <vector>

#include "network/unwrap/stage.h"

namespace davy::network {

// The levels of a connection, outermost first; a level is made when the one before lets its first byte through.
class Unwrapper::Impl {
 public:
  explicit Impl(UnwrapSink& sink) : out_{sink} {
    stages_.push_back(std::make_unique<Stage>(out_, Inside::undecided, false));
  }

  void feed(std::size_t level, const Piece& piece) {
    if (level == stages_.size()) deepen();
    stages_[level]->feed(piece, [this, level](const Piece& rest) { feed(level + 1, rest); });
  }

  // A gap is in the innermost level that this side has reached.
  void lost(mining::Side side, std::uint64_t bytes) {
    std::size_t level = 0;
    while (level + 1 < stages_.size() && stages_[level]->open(side)) ++level;
    stages_[level]->lost(side, bytes);
  }

  Wrapping wrapping() const { return stages_.back()->wrapping(); }
  bool wraps_nothing() const { return stages_.size() == 1 && wrapping() == Wrapping::tls; }
  std::uint64_t skipped() const { return out_.skipped; }

 private:
  void deepen() {
    const bool last = stages_.size() >= kTunnelDepthMax;
    Inside inside = stages_.back()->inside();
    if (stages_.size() > kTunnelDepthMax && inside == Inside::undecided) inside = Inside::raw;
    stages_.push_back(std::make_unique<Stage>(out_, inside, last));
  }

  Output out_;
  std::vector<std::unique_ptr<Stage>> stages_;
};

Unwrapper::Unwrapper(UnwrapSink& sink) : impl_(std::make_unique<Impl>(sink)) {}
Unwrapper::~Unwrapper() = default;

void Unwrapper::feed(mining::Side side, ByteView bytes, Timestamp at) {
  if (!bytes.empty()) impl_->feed(0, {side, bytes, at, true});
}

void Unwrapper::lost(mining::Side side, std::uint64_t bytes) { impl_->lost(side, bytes); }

Wrapping Unwrapper::wrapping() const { return impl_->wrapping(); }
bool Unwrapper::wraps_nothing() const { return impl_->wraps_nothing(); }
std::uint64_t Unwrapper::skipped() const { return impl_->skipped(); }

}  // namespace davy::network

#include "network/fragments.h"

#include <algorithm>

namespace davy::network {

void Fragments::make_room(Timestamp at) {
  given_up_ += std::erase_if(partial_, [&](const auto& item) { return at - item.second.first > kFragmentsLive; });
  if (partial_.size() < kFragmentedPacketsMax) return;
  const auto oldest =
      std::ranges::min_element(partial_, [](const auto& a, const auto& b) { return a.second.first < b.second.first; });
  partial_.erase(oldest);
  ++given_up_;
}

bool Fragments::place(Partial& partial, const Piece& piece) {
  const auto from = piece.offset, to = piece.offset + static_cast<std::uint32_t>(piece.bytes.size());
  const bool overlaps =
      std::ranges::any_of(partial.held, [&](const auto& old) { return from < old.second && old.first < to; });
  if (to > kFragmentedBytesMax || partial.held.size() == kPiecesMax || overlaps) return false;
  if (!piece.more) {
    if (partial.total != 0 && partial.total != to) return false;
    partial.total = to;
  }
  if (partial.bytes.size() < to) partial.bytes.resize(to);
  std::ranges::copy(piece.bytes, partial.bytes.begin() + from);
  partial.held.emplace_back(from, to);
  partial.held_bytes += to - from;
  return true;
}

std::optional<ByteView> Fragments::add(const Piece& piece, Timestamp at) {
  const Key key{piece.source, piece.destination, piece.id, piece.protocol};
  auto found = partial_.find(key);
  if (found == partial_.end()) {
    make_room(at);
    found = partial_.try_emplace(key).first;
    found->second.first = at;
  }
  Partial& partial = found->second;
  if (partial.spoilt) return std::nullopt;
  if (!place(partial, piece)) {
    partial.spoilt = true;
    ++given_up_;
    return std::nullopt;
  }
  if (partial.total == 0 || partial.held_bytes != partial.total) return std::nullopt;
  whole_ = std::move(partial.bytes);
  whole_.resize(partial.total);
  partial_.erase(found);
  return ByteView(whole_);
}

}  // namespace davy::network

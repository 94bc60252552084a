// IP fragments put together again.
//
// Bounded: kFragmentedPacketsMax packets at once, kFragmentedBytesMax a packet, each forgotten kFragmentsLive after its
// first piece; the oldest goes first. Overlapping pieces spoil the packet (they serve to deceive). What is given up is
// counted. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "network/address.h"

namespace davy::network {

inline constexpr std::size_t kFragmentedPacketsMax = 256;
inline constexpr std::size_t kFragmentedBytesMax = 65'535;
inline constexpr std::size_t kPiecesMax = 64;
inline constexpr Nanoseconds kFragmentsLive = std::chrono::seconds(30);

struct Piece {
  Address source, destination;
  std::uint32_t id = 0;
  std::uint8_t protocol = 0;
  std::uint32_t offset = 0;  // bytes
  bool more = false;
  ByteView bytes;
};

class Fragments {
 public:
  // The whole payload of the packet once its last missing piece came; valid until the next call.
  std::optional<ByteView> add(const Piece& piece, Timestamp at);

  std::uint64_t given_up() const { return given_up_; }

 private:
  struct Key {
    Address source, destination;
    std::uint32_t id = 0;
    std::uint8_t protocol = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Partial {
    Timestamp first;
    Bytes bytes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> held;  // [from, to), in order of arrival
    std::uint32_t total = 0;                                    // known once the last piece was seen
    std::uint32_t held_bytes = 0;
    bool spoilt = false;
  };

  void make_room(Timestamp at);
  static bool place(Partial& partial, const Piece& piece);

  std::map<Key, Partial> partial_;
  Bytes whole_;
  std::uint64_t given_up_ = 0;
};

}  // namespace davy::network

// When clients came to servers: enough of the last times to say how regular they are.
//
// Deterministic; not thread-safe. Memory: kPairsMax pairs, the longest unseen go first.
#pragma once

#include <array>
#include <optional>

#include "network/address.h"
#include "network/behaviour/limits.h"
#include "network/recent.h"

namespace davy::network::behaviour {

struct Rhythm {
  std::uint32_t contacts = 0;
  double gap_seconds = 0.0;  // median
  double gap_spread = 0.0;   // median distance from the median, as a share of it
  std::int64_t first_ns = 0;
};

class ContactTimes {
 public:
  struct Pair {
    Address client, server;
    std::uint16_t port = 0;
    std::uint8_t protocol = 0;
    friend auto operator<=>(const Pair&, const Pair&) = default;
  };

  // The rhythm, when the number of contacts says that it is time to tell it.
  std::optional<Rhythm> see(const Pair& pair, Timestamp at);

 private:
  struct Times {
    std::uint32_t contacts = 0;
    std::int64_t first_ns = 0;
    std::array<std::int64_t, kContactsKept> last{};  // a ring
  };
  static Rhythm rhythm_of(const Times& times);

  Recent<Pair, Times> pairs_{kPairsMax, kPairsSpan};
};

}  // namespace davy::network::behaviour

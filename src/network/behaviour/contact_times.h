// When clients came to servers: enough of the last times to say how regular they are.
//
// Most pairs meet once: the first visit leaves a mark of two bytes, and counting begins with the second. Deterministic;
// not thread-safe. Memory: kPairsMax pairs, the longest unseen go first, and kPairsOnceMax marks.
#pragma once

#include <array>
#include <optional>
#include <unordered_map>
#include <vector>

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
    friend bool operator==(const Pair&, const Pair&) = default;
  };

  // The rhythm, when the number of contacts says that it is time to tell it.
  std::optional<Rhythm> see(const Pair& pair, Timestamp at);

 private:
  struct Times {
    std::uint32_t contacts = 0;
    std::int64_t first_ns = 0;
    std::array<std::int64_t, kContactsKept> last{};  // a ring
  };
  struct HashOfPair {
    std::size_t operator()(const Pair& pair) const {
      const HashOfAddress hash;
      return hash(pair.client) * 31 + hash(pair.server) + pair.port * 7919U + pair.protocol;
    }
  };
  static Rhythm rhythm_of(const Times& times);

  bool met_before(const Pair& pair);

  std::vector<std::uint16_t> once_ = std::vector<std::uint16_t>(kPairsOnceMax);
  Recent<Pair, Times, std::unordered_map<Pair, Times, HashOfPair>> pairs_{kPairsMax, kPairsSpan};
};

}  // namespace davy::network::behaviour

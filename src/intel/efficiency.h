// How much energy a hash costs: the range of hashes a joule buys, by algorithm, from the part "efficiency" of a pack.
//
//   {"algorithms":[{"algorithms":["rx"],"coins":["monero"],"device":"processors","low":9,"high":113,"source":".."}]}
//
// A name belongs to the first entry that has a beginning of it ("rx" has rx/0); a coin counts only where no algorithm
// is known. Immutable after parsing; thread-safe. Limits: kEfficienciesMax. Errors: malformed, limit_exceeded.
//
//   if (const Efficiency* known = efficiencies.find("rx/0", "monero")) watts = rate / known->hashes_per_joule_high;
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace davy::intel {

inline constexpr std::size_t kEfficienciesMax = 100;

struct Efficiency {
  std::vector<std::string> algorithms, coins;
  double hashes_per_joule_low = 0.0, hashes_per_joule_high = 0.0;  // of the worst and the best machine
};

class Efficiencies {
 public:
  static Result<Efficiencies> parse(const Json& part);

  // Null when nothing is known.
  const Efficiency* find(std::string_view algorithm, std::string_view coin) const;

 private:
  std::vector<Efficiency> entries_;
};

}  // namespace davy::intel

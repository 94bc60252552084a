#include "network/behaviour/contact_times.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace davy::network::behaviour {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Rhythm ContactTimes::rhythm_of(const Times& times) {
  const std::size_t kept = std::min<std::size_t>(times.contacts, kContactsKept);
  std::vector<double> gaps;
  for (std::size_t i = 1; i < kept; ++i) {
    const std::size_t later = (times.contacts - i) % kContactsKept;
    const std::size_t earlier = (times.contacts - i + kContactsKept - 1) % kContactsKept;
    gaps.push_back(static_cast<double>(times.last[later] - times.last[earlier]) / 1e9);
  }
  Rhythm out{.contacts = times.contacts, .gap_seconds = median(gaps), .first_ns = times.first_ns};
  for (double& gap : gaps) gap = std::abs(gap - out.gap_seconds);
  out.gap_spread = out.gap_seconds > 0 ? median(gaps) / out.gap_seconds : 1.0;
  return out;
}

// Two pairs with one mark are taken for one, and then counted for nothing.
bool ContactTimes::met_before(const Pair& pair) {
  const std::uint64_t hash = HashOfPair()(pair);
  const auto mark = static_cast<std::uint16_t>(hash >> 48U | 1U);
  return std::exchange(once_[hash % kPairsOnceMax], mark) == mark;
}

std::optional<Rhythm> ContactTimes::see(const Pair& pair, Timestamp at) {
  const Times* known = pairs_.find(pair);
  if (known == nullptr && !met_before(pair)) return std::nullopt;
  Times times = known != nullptr ? *known : Times{.first_ns = at.nanoseconds};
  times.contacts = std::min(times.contacts + 1, 1U << 30U);
  times.last[times.contacts % kContactsKept] = at.nanoseconds;
  pairs_.put(pair, times, at);
  if (times.contacts < kContactsToTell || !std::has_single_bit(times.contacts)) return std::nullopt;
  return rhythm_of(times);
}

}  // namespace davy::network::behaviour

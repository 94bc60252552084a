// Counting much in little: how many different things there were, and which of them came to most. Fixed size, no
// allocation, because it happens at both ends of every flow. Plain values; not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace davy::network::behaviour {

// Distinct things by linear counting (Whang and others, 1990): each sets a bit that its hash chooses. Exact for a few,
// within some percent up to two thousand; more look like kDistinctMax.
class Distinct {
 public:
  static constexpr std::size_t kBits = 4'096;
  static constexpr std::uint64_t kDistinctMax = 20'000;

  void add(std::uint64_t hash) { words_[hash / 64 % words_.size()] |= std::uint64_t{1} << hash % 64; }

  std::uint64_t count() const {
    std::size_t set = 0;
    for (const std::uint64_t word : words_) set += static_cast<std::size_t>(std::popcount(word));
    if (set == kBits) return kDistinctMax;
    const double free = static_cast<double>(kBits - set) / kBits;
    return std::min(kDistinctMax, static_cast<std::uint64_t>(std::llround(-std::log(free) * kBits)));
  }

 private:
  std::array<std::uint64_t, kBits / 64> words_{};
};

// The largest of the sums by key. Keys beyond the room take the place of the smallest, so that a sum may be too small,
// never too large.
template <class Key, std::size_t Room = 8>
class Largest {
 public:
  struct Entry {
    Key key{};
    std::uint64_t sum = 0;
  };

  void add(const Key& key, std::uint64_t more) {
    Entry* smallest = entries_.data();
    for (Entry& entry : entries_) {
      if (entry.sum > 0 && entry.key == key) {
        entry.sum += more;
        return;
      }
      if (entry.sum < smallest->sum) smallest = &entry;
    }
    if (more > 0) *smallest = {key, more};
  }

  // With a sum of 0 when there is none.
  const Entry& largest() const { return *std::ranges::max_element(entries_, {}, &Entry::sum); }

 private:
  std::array<Entry, Room> entries_{};
};

}  // namespace davy::network::behaviour

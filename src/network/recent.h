// What was seen lately, within a limit: a map in two generations, so that forgetting costs nothing.
//
// New entries go to the young generation. When that is half of the limit, or as old as `span`, the old generation goes
// and the young one becomes it. An entry lives at least while half of the limit's number of others come, and at most
// twice the span after it was last put. Time is what put() was given, so that a replay forgets the same. Not
// thread-safe.
//
//   Recent<Address, std::string> names(4'096, std::chrono::hours(24));
//   names.put(address, "pool.example.org", packet.at);
//   if (const std::string* name = names.find(address)) report(*name);
#pragma once

#include <map>

#include "base/clock.h"

namespace davy::network {

template <class Key, class Value, class Map = std::map<Key, Value>>
class Recent {
 public:
  Recent(std::size_t limit, Nanoseconds span) : half_(limit / 2), span_(span) {}

  void put(const Key& key, Value value, Timestamp now) {
    if (young_.empty()) begun_ = now;
    if ((young_.size() >= half_ && !young_.contains(key)) || now - begun_ > span_) {
      old_ = std::move(young_);
      young_.clear();
      begun_ = now;
    }
    old_.erase(key);
    young_.insert_or_assign(key, std::move(value));
  }

  // Null when it was never put, or forgotten.
  const Value* find(const Key& key) const {
    if (const auto at = young_.find(key); at != young_.end()) return &at->second;
    if (const auto at = old_.find(key); at != old_.end()) return &at->second;
    return nullptr;
  }

  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  std::size_t half_;
  Nanoseconds span_;
  Timestamp begun_;
  Map young_, old_;
};

}  // namespace davy::network

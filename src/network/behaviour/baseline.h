// What a host did at most in any window so far, learnt from its own windows.
//
// What hosts send and whom they meet varies by factors of thousands from window to window, so that a mean and its
// deviation say nothing; the most that was ever seen does. A value is unusual when it is over the floor and over
// kTimesUsual times that most, once the host is known long enough. Unusual values are not learnt. Plain value; not
// thread-safe.
#pragma once

#include <algorithm>

#include "network/behaviour/limits.h"

namespace davy::network::behaviour {

class Baseline {
 public:
  // Judges the value by the earlier ones, then learns it.
  bool is_unusual(double value, double floor, bool known) {
    if (known && value >= floor && value > kTimesUsual * most_) return true;
    most_ = std::max(most_, value);
    return false;
  }

  double most() const { return most_; }

 private:
  double most_ = 0.0;
};

}  // namespace davy::network::behaviour

// What a host did at most in any window so far, learnt from its own windows.
//
// What hosts send and whom they meet varies by factors of thousands from window to window, so that a mean and its
// deviation say nothing; the most that was ever seen does. A value is unusual when it is over the floor and over
// kTimesUsual times that most, once the host is known long enough. A window is learnt one window late: an event that
// the boundary cuts in two must not hide itself. Unusual values are learnt as well, so that a habit that changes for
// good is told of in two windows and then is the habit. Plain value; not thread-safe.
#pragma once

#include <algorithm>

#include "network/behaviour/limits.h"

namespace davy::network::behaviour {

class Baseline {
 public:
  // Judges the value by the earlier ones, the last of them left out.
  bool is_unusual(double value, double floor, bool known) {
    const bool unusual = known && value >= floor && value > kTimesUsual * most_;
    judged_by_ = most_;
    most_ = std::max(most_, last_);
    last_ = value;
    return unusual;
  }

  // What the last value was judged by.
  double most() const { return judged_by_; }

 private:
  double most_ = 0.0, last_ = 0.0, judged_by_ = 0.0;
};

}  // namespace davy::network::behaviour

// Finds hosts that do in a window what they never did before: many more peers, many more brief connections to one
// server, much more sent to one peer. Not thread-safe. Limit: kHostsMax hosts; more are not judged.
//
// The lanes of a live capture tell of one window each for itself; a window is judged when the next one is told of.
#pragma once

#include <map>
#include <string>

#include "model/evidence.h"
#include "network/behaviour/baseline.h"
#include "network/behaviour/policy.h"

namespace davy::network::behaviour {

class HabitDetector {
 public:
  void observe(const model::Observation& observation, const Declared& declared, model::EvidenceSink& sink);

 private:
  struct Habits {
    Baseline peers, brief, bytes;
    std::int64_t since_ns = 0;   // when it was first seen; windows without a flow count as well
    model::HostActivity window;  // not judged yet
  };
  void see(const model::HostActivity& seen, const Declared& declared, model::EvidenceSink& sink);
  static void judge(Habits& habits, const Declared& declared, model::EvidenceSink& sink);

  std::map<std::string, Habits> hosts_;
};

}  // namespace davy::network::behaviour

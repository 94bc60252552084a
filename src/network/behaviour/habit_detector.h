// Finds hosts that do in a window what they never did before: many more peers, many more brief connections to one
// server, much more sent to one peer. Not thread-safe. Limit: kHostsMax hosts, the longest unseen are forgotten.
//
// The lanes of a live capture tell of one window each for itself; a window is judged when the next one is told of.
#pragma once

#include <memory>

#include "model/evidence.h"
#include "network/behaviour/baseline.h"
#include "network/behaviour/policy.h"
#include "network/recent.h"

namespace davy::network::behaviour {

class HabitDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  struct Habits {
    Baseline peers, brief, bytes;
    std::int64_t since_ns = 0;   // when it was first seen; windows without a flow count as well
    model::HostActivity window;  // not judged yet
  };
  void see(const model::HostActivity& seen, model::EvidenceSink& sink);
  void judge(Habits& habits, model::EvidenceSink& sink) const;
  bool is_declared(const std::string& address) const;

  std::unique_ptr<Declared> declared_ = std::make_unique<Declared>();
  std::map<std::string, Habits> hosts_;
};

}  // namespace davy::network::behaviour

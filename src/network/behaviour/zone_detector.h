// Finds hosts that talk across declared zones without being allowed to. Not thread-safe.
#pragma once

#include "model/evidence.h"
#include "network/behaviour/policy.h"

namespace davy::network::behaviour {

class ZoneDetector {
 public:
  void observe(const model::Observation& observation, const Declared& declared, model::EvidenceSink& sink);

 private:
  static void see(const model::NeighboursSeen& seen, const Declared& declared, Timestamp at, model::EvidenceSink& sink);
};

}  // namespace davy::network::behaviour

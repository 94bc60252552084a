// Finds hosts that talk across declared zones without being allowed to. Not thread-safe.
#pragma once

#include <memory>

#include "model/evidence.h"
#include "network/behaviour/policy.h"

namespace davy::network::behaviour {

class ZoneDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  void see(const model::NeighboursSeen& seen, Timestamp at, model::EvidenceSink& sink) const;

  std::unique_ptr<Declared> declared_ = std::make_unique<Declared>();
};

}  // namespace davy::network::behaviour

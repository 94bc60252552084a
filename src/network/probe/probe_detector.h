// Turns what a probed server answered into evidence about that server. Stateless; thread-safe.
#pragma once

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::network::probe {

class ProbeDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;
};

}  // namespace davy::network::probe

// Who a process says it is: names of known miner families, and command lines that instruct a miner. Weak where it is a
// name, strong where arguments name pool, wallet and algorithm together.
#pragma once

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

class IdentityDetector final : public model::Detector {
 public:
  explicit IdentityDetector(const intel::Knowledge& knowledge) : knowledge_(&knowledge) {}
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  const intel::Knowledge* knowledge_;
};

}  // namespace davy::host

// Names and addresses that intelligence lists as pools, asked for or connected to. Not thread-safe.
#pragma once

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "model/observation.h"

namespace davy::network {

class NameDetector final : public model::Detector {
 public:
  explicit NameDetector(const intel::Knowledge& knowledge) : knowledge_(&knowledge) {}
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  void see_name(const model::NameSeen& seen, Timestamp at, model::EvidenceSink& sink) const;
  void see_flow(const model::FlowSeen& seen, Timestamp at, model::EvidenceSink& sink) const;

  const intel::Knowledge* knowledge_;
};

}  // namespace davy::network

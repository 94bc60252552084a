// Encrypted flows: a share cycle in the sizes and times of their records, and what stands in clear beside it.
//
// A cycle counts in full only for a connection that was answered, as conversations do. Not thread-safe; limit
// kFlowsKeptMax.
#pragma once

#include <map>

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "model/observation.h"
#include "network/detectors.h"

namespace davy::network {

class EncryptionDetector final : public model::Detector {
 public:
  explicit EncryptionDetector(const intel::Knowledge& knowledge) : knowledge_(&knowledge) {}
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  void see(const model::TlsSeen& seen, const model::FlowSeen& flow, Timestamp at, model::EvidenceSink& sink) const;

  const intel::Knowledge* knowledge_;
  std::map<model::FlowId, model::FlowSeen> flows_;
};

}  // namespace davy::network

// Joins what was seen in a flow, in clear or encrypted, with the numbers of that flow, and turns both into evidence.
//
// Not thread-safe. Limit: kFlowsKeptMax flows; what is over bears no evidence.
#pragma once

#include <map>

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "model/observation.h"
#include "network/detectors.h"

namespace davy::network {

class FlowDetector final : public model::Detector {
 public:
  explicit FlowDetector(const intel::Knowledge& knowledge) : knowledge_(&knowledge) {}
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  void keep(const model::FlowSeen& flow);
  void see(const model::ConversationSeen& seen, Timestamp at, model::EvidenceSink& sink) const;
  void see(const model::TlsSeen& seen, Timestamp at, model::EvidenceSink& sink) const;

  const intel::Knowledge* knowledge_;
  std::map<model::FlowId, model::FlowSeen> flows_;
};

}  // namespace davy::network

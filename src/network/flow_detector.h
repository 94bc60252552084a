// Joins what was seen in a flow, in clear or encrypted, with the numbers of that flow, and turns both into evidence.
//
// Not thread-safe. Limits: kFlowsKeptMax flows, kClientsKeptMax clients.
#pragma once

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "model/observation.h"
#include "network/detectors.h"
#include "network/recent.h"

namespace davy::network {

class FlowDetector final : public model::Detector {
 public:
  explicit FlowDetector(const intel::Knowledge& knowledge) : knowledge_(&knowledge) {}
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  void see(const model::NameSeen& seen, Timestamp at);
  void see(const model::ConversationSeen& seen, Timestamp at, model::EvidenceSink& sink) const;
  void see(const model::TlsSeen& seen, Timestamp at, model::EvidenceSink& sink) const;
  void add_hidden_lookups(const model::FlowId& flow, Timestamp at, model::EvidenceSink& sink) const;

  const intel::Knowledge* knowledge_;
  Recent<model::FlowId, model::FlowSeen> flows_{kFlowsKeptMax, kFlowsKeptFor};
  Recent<std::string, model::NameSeen> resolvers_{kClientsKeptMax, kFlowsKeptFor};  // encrypted, by client
};

}  // namespace davy::network

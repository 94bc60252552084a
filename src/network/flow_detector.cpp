#include "network/flow_detector.h"

#include "network/conversation_evidence.h"
#include "network/encryption_evidence.h"
#include "network/flow_subject.h"

namespace davy::network {

void FlowDetector::keep(const model::FlowSeen& flow) {
  if (flows_.size() < kFlowsKeptMax || flows_.contains(flow.flow)) flows_.insert_or_assign(flow.flow, flow);
}

void FlowDetector::see(const model::ConversationSeen& seen, Timestamp at, model::EvidenceSink& sink) const {
  const auto flow = flows_.find(seen.flow);
  if (flow == flows_.end() || !is_mining(seen.role)) return;
  model::FlowSubject subject = subject_of(flow->second);
  describe_conversation(seen, knowledge_->efficiencies(), subject);
  sink.describe(subject);
  add_conversation_evidence(seen, flow->second, at, sink);
}

void FlowDetector::see(const model::TlsSeen& seen, Timestamp at, model::EvidenceSink& sink) const {
  const auto flow = flows_.find(seen.flow);
  if (flow == flows_.end()) return;
  model::FlowSubject subject = subject_of(flow->second);
  if (!seen.profile.empty()) subject.dialect = "tls." + seen.profile;
  sink.describe(subject);
  add_encryption_evidence(seen, flow->second, *knowledge_, at, sink);
}

void FlowDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* flow = std::get_if<model::FlowSeen>(&observation.value)) keep(*flow);
  if (const auto* talk = std::get_if<model::ConversationSeen>(&observation.value)) see(*talk, observation.at, sink);
  if (const auto* tls = std::get_if<model::TlsSeen>(&observation.value)) see(*tls, observation.at, sink);
}

}  // namespace davy::network

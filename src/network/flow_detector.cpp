#include "network/flow_detector.h"

#include "network/conversation_evidence.h"
#include "network/encryption_evidence.h"
#include "network/flow_subject.h"

namespace davy::network {

void FlowDetector::see(const model::NameSeen& seen, Timestamp at) {
  if (seen.source == "doh" || seen.source == "dot") resolvers_.put(seen.client, seen, at);
}

// The client's lookups cannot be seen, so that no pool name will be among them.
void FlowDetector::add_hidden_lookups(const model::FlowId& flow, Timestamp at, model::EvidenceSink& sink) const {
  const model::NameSeen* resolver = resolvers_.find(flow.client);
  if (resolver == nullptr) return;
  Json detail = Json::object();
  detail.set("resolver", resolver->name).set("how", resolver->source == "dot" ? "DNS over TLS" : "DNS over HTTPS");
  sink.add(evidence("wire.encrypted_dns", flow, at, std::move(detail)));
}

void FlowDetector::see(const model::ConversationSeen& seen, Timestamp at, model::EvidenceSink& sink) const {
  const model::FlowSeen* flow = flows_.find(seen.flow);
  if (flow == nullptr || !is_mining(seen.role)) return;
  model::FlowSubject subject = subject_of(*flow);
  describe_conversation(seen, knowledge_->efficiencies(), subject);
  sink.describe(subject);
  add_conversation_evidence(seen, *flow, at, sink);
  add_hidden_lookups(seen.flow, at, sink);
}

void FlowDetector::see(const model::TlsSeen& seen, Timestamp at, model::EvidenceSink& sink) const {
  const model::FlowSeen* flow = flows_.find(seen.flow);
  if (flow == nullptr) return;
  model::FlowSubject subject = subject_of(*flow);
  if (!seen.profile.empty()) subject.dialect = "tls." + seen.profile;
  sink.describe(subject);
  add_encryption_evidence(seen, *flow, *knowledge_, at, sink);
  if (!seen.profile.empty()) add_hidden_lookups(seen.flow, at, sink);
}

void FlowDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* flow = std::get_if<model::FlowSeen>(&observation.value))
    flows_.put(flow->flow, *flow, observation.at);
  if (const auto* name = std::get_if<model::NameSeen>(&observation.value)) see(*name, observation.at);
  if (const auto* talk = std::get_if<model::ConversationSeen>(&observation.value)) see(*talk, observation.at, sink);
  if (const auto* tls = std::get_if<model::TlsSeen>(&observation.value)) see(*tls, observation.at, sink);
}

}  // namespace davy::network

#include "network/encryption_detector.h"

#include <cmath>

#include "network/flow_subject.h"

namespace davy::network {
namespace {

Json cycle_of(const model::TlsSeen& seen) {
  Json out = Json::object();
  out.set("profile", seen.profile).set("shares", seen.cycle_shares);
  out.set("gap", std::round(seen.cycle_gap_seconds * 10.0) / 10.0).set("client_bytes", seen.client_record_bytes);
  out.set("server_bytes", seen.server_record_bytes).set("ja4", seen.ja4).set("version", seen.version);
  out.set("pool", seen.flow.server + ":" + std::to_string(seen.flow.server_port));
  return out;
}

}  // namespace

void EncryptionDetector::see(const model::TlsSeen& seen, const model::FlowSeen& flow, Timestamp at,
                             model::EvidenceSink& sink) const {
  for (const std::string& name : seen.certificate_names) {
    const auto match = knowledge_->find_name(name, seen.flow.server_port);
    if (!match || match->entry_class != "pool") continue;
    Json detail = Json::object();
    detail.set("name", name).set("entry", match->entry).set("how", "certificate").set("pool", name);
    sink.add(evidence("wire.pool_name", seen.flow, at, std::move(detail)));
    break;
  }
  if (seen.profile.empty()) return;
  if (flow.both_sides && (flow.handshake || !flow.from_start))
    sink.add(evidence("wire.tls_cycle", seen.flow, at, cycle_of(seen)));
  if (!seen.has_client_hello || !seen.server_name.empty()) return;
  Json detail = Json::object();
  detail.set("ja4", seen.ja4).set("ja3", seen.ja3);
  sink.add(evidence("wire.tls_nameless", seen.flow, at, std::move(detail)));
}

void EncryptionDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* flow = std::get_if<model::FlowSeen>(&observation.value)) {
    if (flows_.size() < kFlowsKeptMax || flows_.contains(flow->flow)) flows_.insert_or_assign(flow->flow, *flow);
    return;
  }
  const auto* seen = std::get_if<model::TlsSeen>(&observation.value);
  if (seen == nullptr) return;
  const auto flow = flows_.find(seen->flow);
  if (flow == flows_.end()) return;
  model::FlowSubject subject = subject_of(flow->second);
  if (!seen->profile.empty()) subject.dialect = "tls." + seen->profile;
  sink.describe(subject);
  see(*seen, flow->second, observation.at, sink);
}

}  // namespace davy::network

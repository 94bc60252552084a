#include "network/encryption_evidence.h"

#include <cmath>

#include "network/flow_subject.h"

namespace davy::network {
namespace {

Json cycle_of(const model::TlsSeen& seen) {
  Json out = Json::object();
  out.set("profile", seen.profile).set("shares", seen.cycle_shares);
  out.set("gap", std::round(seen.cycle_gap_seconds * 10.0) / 10.0).set("client_bytes", seen.client_record_bytes);
  out.set("server_bytes", seen.server_record_bytes).set("ja4", seen.ja4).set("version", seen.version);
  Json marks = Json::array();
  for (const std::string& mark : seen.cycle_marks) marks.push(mark);
  out.set("marks", std::move(marks));
  out.set("pool", seen.flow.server + ":" + std::to_string(seen.flow.server_port));
  return out;
}

}  // namespace

void add_encryption_evidence(const model::TlsSeen& seen, const model::FlowSeen& flow, const intel::Knowledge& knowledge,
                             Timestamp at, model::EvidenceSink& sink) {
  for (const std::string& name : seen.certificate_names) {
    const auto match = knowledge.find_pool(name, seen.flow.server_port);
    if (!match) continue;
    Json detail = Json::object();
    detail.set("name", name).set("entry", match->entry).set("how", "certificate").set("pool", name);
    sink.add(evidence("wire.pool_name", seen.flow, at, std::move(detail)));
    break;
  }
  if (seen.profile.empty()) return;
  if (was_answered(flow))
    sink.add(evidence(seen.cycle_from_start ? "wire.tls_cycle" : "wire.tls_cycle_late", seen.flow, at, cycle_of(seen)));
  if (!seen.has_client_hello || !seen.server_name.empty()) return;
  Json detail = Json::object();
  detail.set("ja4", seen.ja4).set("ja3", seen.ja3);
  sink.add(evidence("wire.tls_nameless", seen.flow, at, std::move(detail)));
}

}  // namespace davy::network

#include "network/names/name_detector.h"

#include "network/flow_subject.h"

namespace davy::network {

void NameDetector::see_name(const model::NameSeen& seen, Timestamp at, model::EvidenceSink& sink) const {
  const auto match = knowledge_->find_pool(seen.name, seen.has_flow ? seen.flow.server_port : 0);
  if (!match) return;
  Json detail = Json::object();
  detail.set("name", seen.name).set("entry", match->entry).set("how", seen.source).set("pool", seen.name);
  if (seen.has_flow) return sink.add(evidence("wire.pool_name", seen.flow, at, std::move(detail)));
  const model::FlowSubject question{.protocol = "dns", .source = seen.client, .server_name = seen.name};
  sink.add_about(question, {.kind = "wire.pool_lookup", .at = at, .detail = std::move(detail)});
}

void NameDetector::see_flow(const model::FlowSeen& seen, Timestamp at, model::EvidenceSink& sink) const {
  const auto [host, port] = destination_of(seen);
  auto match = knowledge_->find_name(host, port);
  if (!match && !seen.server_name.empty()) match = knowledge_->find_name(seen.server_name, port);
  if (!match || !match->is_pool()) return;
  Json detail = Json::object();
  detail.set("entry", match->entry).set("remote", seen.flow.server).set("port", std::uint64_t{port});
  detail.set("pool", match->entry + ":" + std::to_string(port));
  sink.describe(subject_of(seen));
  sink.add(evidence("flow.known_pool", seen.flow, at, std::move(detail)));
}

void NameDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* name = std::get_if<model::NameSeen>(&observation.value)) see_name(*name, observation.at, sink);
  if (const auto* flow = std::get_if<model::FlowSeen>(&observation.value)) see_flow(*flow, observation.at, sink);
}

}  // namespace davy::network

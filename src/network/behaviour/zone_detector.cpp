#include "network/behaviour/zone_detector.h"

#include "network/flow_subject.h"

namespace davy::network::behaviour {

// Where a zone is not declared for both ends, nothing is forbidden.
void ZoneDetector::see(const model::NeighboursSeen& seen, const Declared& declared, Timestamp at,
                       model::EvidenceSink& sink) {
  const auto client = parse_address(seen.flow.client), server = parse_address(seen.flow.server);
  if (!client || !server) return;
  const model::ZoneDeclared* from = declared.zone_of(*client, seen.vlan);
  const model::ZoneDeclared* to = declared.zone_of(*server, 0);
  if (from == nullptr || to == nullptr || declared.may_talk(from->name, to->name, seen.flow.server_port)) return;
  Json detail = Json::object();
  detail.set("from", from->name).set("to", to->name).set("client", seen.flow.client).set("server", seen.flow.server);
  detail.set("port", std::uint64_t{seen.flow.server_port}).set("protocol", seen.flow.protocol);
  sink.describe(subject_of(model::FlowSeen{.flow = seen.flow, .last_ns = at.nanoseconds, .vlan = seen.vlan}));
  sink.add(evidence("zone.crossing", seen.flow, at, std::move(detail)));
}

void ZoneDetector::observe(const model::Observation& observation, const Declared& declared, model::EvidenceSink& sink) {
  if (const auto* seen = std::get_if<model::NeighboursSeen>(&observation.value))
    see(*seen, declared, observation.at, sink);
}

}  // namespace davy::network::behaviour

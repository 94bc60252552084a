#include "network/behaviour/beacon_detector.h"

#include <cmath>

#include "network/behaviour/limits.h"

namespace davy::network::behaviour {
namespace {

bool is_regular(const model::ContactsSeen& seen) {
  return seen.gap_spread <= kGapSpreadMax && seen.gap_seconds >= kGapSecondsMin && seen.gap_seconds <= kGapSecondsMax;
}

double rounded(double value) { return std::round(value * 100.0) / 100.0; }

}  // namespace

void BeaconDetector::judge(const Contact& contact, const Clients& clients, const Declared& declared,
                           model::EvidenceSink& sink) {
  const model::ContactsSeen& seen = contact.seen;
  const auto server = parse_address(seen.server), client = parse_address(seen.client);
  if (clients.size() >= kFleetClients || (server && declared.is_service(*server)) ||
      (client && declared.is_service(*client)))
    return;
  const model::FlowSubject subject{.protocol = seen.protocol,
                                   .source = seen.client,
                                   .destination = seen.server,
                                   .destination_port = seen.port,
                                   .first_ns = seen.first_ns,
                                   .last_ns = contact.at.nanoseconds};
  Json detail = Json::object();
  detail.set("client", seen.client).set("server", seen.server).set("port", std::uint64_t{seen.port});
  detail.set("contacts", std::uint64_t{seen.contacts}).set("gap", rounded(seen.gap_seconds));
  detail.set("spread", rounded(seen.gap_spread)).set("clients", static_cast<std::uint64_t>(clients.size()));
  sink.add_about(subject, {.kind = "habit.beacon", .at = contact.at, .detail = std::move(detail)});
}

void BeaconDetector::see(const model::ContactsSeen& seen, const Declared& declared, Timestamp at,
                         model::EvidenceSink& sink) {
  Clients& clients = servers_[{seen.server, seen.port}];
  const auto known = clients.find(seen.client);
  if (!is_regular(seen)) {
    if (known != clients.end()) clients.erase(known), --contacts_;
    return;
  }
  if (known == clients.end() && contacts_ >= kPairsMax) return;
  if (known == clients.end()) ++contacts_;
  const Contact& contact = clients[seen.client] = {seen, at};
  if (seen.contacts >= 2 * kContactsToTell) judge(contact, clients, declared, sink);
}

void BeaconDetector::observe(const model::Observation& observation, const Declared& declared,
                             model::EvidenceSink& sink) {
  if (const auto* seen = std::get_if<model::ContactsSeen>(&observation.value))
    see(*seen, declared, observation.at, sink);
  if (!std::holds_alternative<model::CaptureEnd>(observation.value)) return;
  for (const auto& [server, clients] : servers_)
    for (const auto& [client, contact] : clients) judge(contact, clients, declared, sink);
}

}  // namespace davy::network::behaviour

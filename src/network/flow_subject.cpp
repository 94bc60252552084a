#include "network/flow_subject.h"

#include <cmath>

namespace davy::network {
namespace {

void estimate_energy(const intel::Efficiency& machine, model::FlowSubject& out) {
  constexpr double kJoulesPerKilowattHour = 3.6e6;
  const double seconds = static_cast<double>(out.last_ns - out.first_ns) / 1e9;
  out.watts = {out.hashes_per_second / machine.hashes_per_joule_high,
               out.hashes_per_second / machine.hashes_per_joule_low};
  out.kilowatt_hours = {out.watts.low * seconds / kJoulesPerKilowattHour,
                        out.watts.high * seconds / kJoulesPerKilowattHour};
}

}  // namespace

model::SubjectKey key_of(const model::FlowId& flow) {
  return model::key_of(model::Subject(model::FlowSubject{.protocol = flow.protocol,
                                                         .source = flow.client,
                                                         .source_port = flow.client_port,
                                                         .destination = flow.server,
                                                         .destination_port = flow.server_port,
                                                         .first_ns = flow.first_ns}));
}

bool was_answered(const model::FlowSeen& flow) { return flow.both_sides && (flow.handshake || !flow.from_start); }

Destination destination_of(const model::FlowSeen& flow) {
  if (flow.tunnel_host.empty()) return {flow.flow.server, flow.flow.server_port};
  return {flow.tunnel_host, flow.tunnel_port};
}

model::FlowSubject subject_of(const model::FlowSeen& seen) {
  return {.protocol = seen.flow.protocol,
          .source = seen.flow.client,
          .source_port = seen.flow.client_port,
          .destination = seen.flow.server,
          .destination_port = seen.flow.server_port,
          .bytes = seen.bytes_sent + seen.bytes_received,
          .server_name = seen.tunnel_host.empty() ? seen.server_name : seen.tunnel_host,
          .first_ns = seen.flow.first_ns,
          .last_ns = seen.last_ns,
          .packets = seen.packets};
}

void describe_conversation(const model::ConversationSeen& seen, const intel::Efficiencies& known,
                           model::FlowSubject& out) {
  out.dialect = seen.dialect, out.coin = seen.coin, out.worker = seen.worker, out.agent = seen.agent;
  out.wallet = seen.wallet.empty() ? seen.account : seen.wallet;
  const double seconds = static_cast<double>(seen.last_share_ns - seen.first_share_ns) / 1e9;
  if (seen.shares_accepted < 2 || seconds <= 0.0) return;
  // The time before the first share is not known: of n shares n - 1 fall into the time between first and last.
  const double counted = static_cast<double>(seen.shares_accepted - 1) / static_cast<double>(seen.shares_accepted);
  out.hashes_per_second = seen.expected_hashes * counted / seconds;
  out.hash_rate_error = 1.0 / std::sqrt(static_cast<double>(seen.shares_accepted - 1));
  if (const auto* machine = known.find(seen.algorithm, seen.coin)) estimate_energy(*machine, out);
}

model::Evidence evidence(std::string kind, const model::FlowId& flow, Timestamp at, Json detail) {
  return {.kind = std::move(kind), .subject = key_of(flow), .at = at, .detail = std::move(detail)};
}

}  // namespace davy::network

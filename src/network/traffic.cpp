#include "network/traffic.h"

#include "network/first_bytes.h"
#include "network/flow_analysis.h"

namespace davy::network {
namespace {

using mining::Side;

model::FlowId id_of(const Flow& flow) {
  return {.protocol = flow.protocol == kTcp ? "tcp" : "udp",
          .client = to_text(flow.client()),
          .client_port = flow.client_port(),
          .server = to_text(flow.server()),
          .server_port = flow.server_port(),
          .first_ns = flow.first_ns};
}

model::FlowSeen numbers_of(const Flow& flow) {
  model::FlowSeen out{.flow = id_of(flow), .last_ns = flow.last_ns};
  out.packets = std::uint64_t{flow.packets[0]} + flow.packets[1];
  out.bytes_sent = flow.bytes[flow.second_is_client ? 1 : 0];
  out.bytes_received = flow.bytes[flow.second_is_client ? 0 : 1];
  out.handshake = flow.established, out.from_start = flow.from_start(), out.vlan = flow.vlan;
  out.both_sides = flow.bytes[0] > 0 && flow.bytes[1] > 0;
  return out;
}

model::ConversationSeen conversation_of(const model::FlowId& flow, const mining::ConversationFacts& facts) {
  const mining::ShareFacts& shares = facts.shares;
  return {.flow = flow,
          .dialect = facts.dialect,
          .role = std::string(name_of(facts.role)),
          .coin = facts.coin,
          .algorithm = facts.algorithm,
          .wallet = facts.wallet,
          .wallet_coin = facts.wallet_coin,
          .account = facts.account,
          .worker = facts.worker,
          .agent = facts.agent,
          .client_fits = facts.client_fits,
          .server_fits = facts.server_fits,
          .misfits = facts.misfits,
          .client_greeted = facts.client_greeted,
          .server_agreed = facts.server_agreed,
          .jobs = facts.jobs,
          .shares_sent = shares.sent,
          .shares_accepted = shares.accepted,
          .shares_rejected = shares.rejected,
          .shares_valid = shares.valid,
          .shares_invalid = shares.invalid,
          .shares_unchecked = shares.unchecked,
          .share_bits = shares.bits,
          .expected_hashes = shares.expected_hashes,
          .recomputed = shares.recomputed,
          .first_share_ns = shares.first_at.nanoseconds,
          .last_share_ns = shares.last_at.nanoseconds};
}

}  // namespace

TrafficAnalyzer::TrafficAnalyzer(const TrafficLimits& limits, std::uint64_t seed, const intel::Knowledge& knowledge,
                                 model::ObservationSink& sink)
    : limits_(limits),
      knowledge_(&knowledge),
      sink_(sink),
      table_(limits.flows, seed, [this](Flow& flow) { goodbye(flow); }) {}

TrafficAnalyzer::~TrafficAnalyzer() = default;

void TrafficAnalyzer::frame(const Frame& frame) {
  ++counts_.packets, counts_.bytes += frame.original_bytes;
  if (frame.bytes.size() < frame.original_bytes) ++counts_.truncated;
  Packet packet;
  switch (reader_.read(frame, packet)) {
    case PacketKind::transport: return transport(packet);
    case PacketKind::malformed: ++counts_.malformed; return;
    case PacketKind::unsupported_link: ++counts_.unsupported; return;
    default: return;
  }
}

void TrafficAnalyzer::transport(const Packet& packet) {
  Side side{};
  Flow& flow = table_.see(packet, side);
  if (flow.done || packet.payload_bytes == 0) return;
  if (packet.protocol == kTcp) return read_payload(flow, side, packet);
  see_datagram(flow, side, packet);
}

void TrafficAnalyzer::drop(Flow& flow) {
  if (flow.attached) --analyses_;
  flow.attached.reset();
  flow.done = true;
}

void TrafficAnalyzer::read_payload(Flow& flow, Side side, const Packet& packet) {
  if (!flow.attached) {
    if (!worth_reading(packet.payload)) {
      if (++flow.looks >= kLooksMax) flow.done = true;
      return;
    }
    if (analyses_ >= limits_.analyses_max) {
      ++counts_.skipped;
      return;
    }
    flow.attached = std::make_unique<FlowAnalysis>();
    ++analyses_;
  }
  auto& analysis = static_cast<FlowAnalysis&>(*flow.attached);
  analysis.segment(side, packet);
  if (analysis.is_hopeless()) drop(flow);
}

void TrafficAnalyzer::see_datagram(const Flow&, Side, const Packet&) {}

void TrafficAnalyzer::say(const Flow& flow, const FlowAnalysis& analysis) {
  model::FlowSeen seen = numbers_of(flow);
  seen.server_name = analysis.host(), seen.lost_bytes = analysis.lost_bytes();
  if (const auto& tunnel = analysis.tunnel())
    seen.tunnel = tunnel->kind, seen.tunnel_host = tunnel->host, seen.tunnel_port = tunnel->port;
  const Timestamp at{flow.last_ns};
  sink_.accept({at, seen});
  sink_.accept({at, conversation_of(seen.flow, analysis.facts())});
}

void TrafficAnalyzer::goodbye(Flow& flow) {
  if (!flow.attached) return;
  const auto& analysis = static_cast<const FlowAnalysis&>(*flow.attached);
  counts_.skipped += analysis.skipped();
  if (analysis.is_mining()) say(flow, analysis);
  --analyses_;
}

void TrafficAnalyzer::finish() {
  table_.finish();
  counts_.flows = table_.seen(), counts_.evicted = table_.evicted();
}

}  // namespace davy::network

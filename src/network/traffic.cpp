#include "network/traffic.h"

#include "network/behaviour/miner_service.h"
#include "network/first_bytes.h"
#include "network/flow_analysis.h"
#include "network/names/dns_connection.h"
#include "network/tls/quic.h"
#include "network/unwrap/text.h"

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

// A capture that joined late may have taken the pool for the client.
model::FlowSeen turned_round(model::FlowSeen seen) {
  std::swap(seen.flow.client, seen.flow.server), std::swap(seen.flow.client_port, seen.flow.server_port);
  std::swap(seen.bytes_sent, seen.bytes_received);
  return seen;
}

std::string version_name(std::uint16_t version) {
  switch (version) {
    case 0x0304: return "1.3";
    case 0x0303: return "1.2";
    case 0x0302: return "1.1";
    case 0x0301: return "1.0";
    default: return "";
  }
}

model::TlsSeen encryption_of(const model::FlowId& flow, const Encrypted& seen) {
  const TlsFacts& facts = seen.reader.facts();
  model::TlsSeen out{.flow = flow,
                     .server_name = facts.server_name,
                     .certificate_names = facts.certificate_names,
                     .version = version_name(facts.version),
                     .alpn = facts.client_hello.alpn.empty() ? "" : bounded(facts.client_hello.alpn.front()),
                     .has_client_hello = facts.has_client_hello};
  if (facts.has_client_hello) out.ja3 = ja3_of(facts.client_hello), out.ja4 = ja4_of(facts.client_hello, 't');
  if (!seen.found) return out;
  out.profile = seen.found->profile, out.cycle_shares = seen.found->shares;
  out.cycle_from_start = seen.found->from_start;
  for (const mining::CycleMark mark : mining::kAllCycleMarks)
    if ((seen.found->marks & mark) != 0) out.cycle_marks.emplace_back(mining::name_of(mark));
  out.cycle_gap_seconds = seen.found->median_gap_s;
  out.client_record_bytes = seen.found->client.high, out.server_record_bytes = seen.found->server.high;
  return out;
}

// A datagram flow whose beginning is being read.
class QuicAttachment final : public FlowAttachment {
 public:
  bool reads_names() const override { return true; }
  QuicReader reader;
};

constexpr std::uint32_t kPacketsToName = 3;  // a connection, not a mere attempt
constexpr std::uint16_t kDnsPort = 53, kMulticastDnsPort = 5353, kQuicPort = 443, kDhcpServerPort = 67,
                        kDhcpClientPort = 68;

// Pools listen on the port of DNS too, so that the first bytes decide.
bool begins_or_goes_on_in_dns(const Flow& flow, ByteView payload) {
  return flow.attached ? flow.attached->reads_names() : begins_dns_stream(payload);
}

}  // namespace

TrafficAnalyzer::TrafficAnalyzer(const TrafficLimits& limits, std::uint64_t seed, const intel::Knowledge& knowledge,
                                 model::ObservationSink& sink)
    : limits_(limits),
      sink_(sink),
      names_(knowledge, sink),
      hosts_(limits.behaviour, sink),
      devices_(sink),
      table_(limits.flows, seed, [this](Flow& flow) { goodbye(flow); }) {}

TrafficAnalyzer::~TrafficAnalyzer() = default;

// Whether it has a packet of TCP or UDP.
bool TrafficAnalyzer::decode(const Frame& frame, Packet& out) {
  ++counts_.packets, counts_.bytes += frame.original_bytes;
  if (frame.bytes.size() < frame.original_bytes) ++counts_.truncated;
  const PacketKind kind = reader_.read(frame, out);
  switch (kind) {
    case PacketKind::transport: return true;
    case PacketKind::malformed: ++counts_.malformed; return false;
    case PacketKind::unsupported_link: ++counts_.unsupported; return false;
    default: devices_.frame(out, kind); return false;
  }
}

// On a busy line a packet's flow is not in the processor's cache; several are fetched at once.
void TrafficAnalyzer::frames(std::span<const Frame> frames) {
  std::size_t count = 0;
  for (const Frame& frame : frames) {
    Waiting& next = waiting_[count];
    if (!decode(frame, next.packet)) continue;
    next.hash = table_.hash(next.packet);
    table_.fetch_bucket(next.hash);
    ++count;
    // What was put together is valid until the next packet is read.
    if (count == waiting_.size() || next.packet.put_together) see_waiting(std::exchange(count, 0));
  }
  see_waiting(count);
}

void TrafficAnalyzer::see_waiting(std::size_t count) {
  const auto waiting = std::span(waiting_).first(count);
  for (const Waiting& one : waiting) table_.fetch_flow(one.hash);
  for (const Waiting& one : waiting) table_.fetch_attachment(one.hash);
  for (const Waiting& one : waiting) transport(one.packet, one.hash);
}

void TrafficAnalyzer::transport(const Packet& packet, std::uint64_t hash) {
  Side side{};
  Flow& flow = table_.see(packet, hash, side);
  const std::uint32_t packets = flow.packets[0] + flow.packets[1];
  if (packets == 1) hosts_.flow_began(flow, packet.at);
  if (packet.protocol == kTcp && packets == kPacketsToName) see_connection(flow);
  if (flow.done || packet.payload_bytes == 0) return;
  if (packet.protocol == kTcp) return read_payload(flow, side, packet);
  see_datagram(flow, side, packet);
}

void TrafficAnalyzer::drop(Flow& flow) {
  if (flow.attached) --analyses_;
  flow.attached.reset();
  flow.done = true;
}

// Counts the flow as unread when too many are being read.
bool TrafficAnalyzer::attach(Flow& flow, std::unique_ptr<FlowAttachment> attachment) {
  if (analyses_ >= limits_.analyses_max) {
    ++counts_.unread;
    return false;
  }
  flow.attached = std::move(attachment);
  ++analyses_;
  return true;
}

void TrafficAnalyzer::read_payload(Flow& flow, Side side, const Packet& packet) {
  if (flow.server_port() == kDnsPort && begins_or_goes_on_in_dns(flow, packet.payload))
    return read_dns(flow, side, packet);
  if (!flow.attached) {
    if (!worth_reading(packet.payload)) {
      if (flow.server_port() == behaviour::kMinerApiPort) see_text_answer(flow, side, packet);
      if (++flow.looks >= kLooksMax) flow.done = true;
      return;
    }
    if (!attach(flow, std::make_unique<FlowAnalysis>(flow.from_start()))) return;
  }
  auto& analysis = static_cast<FlowAnalysis&>(*flow.attached);
  analysis.segment(side, packet);
  if (const auto service = analysis.take_service()) say_service(flow, *service, packet.at);
  if (analysis.is_hopeless()) drop(flow);
}

void TrafficAnalyzer::see_text_answer(const Flow& flow, Side side, const Packet& packet) {
  if (side != Side::server) return;
  if (auto product = behaviour::product_of_text_answer(as_text(packet.payload)))
    say_service(flow, {"api", std::move(*product)}, packet.at);
}

void TrafficAnalyzer::say_service(const Flow& flow, const MinerService& service, Timestamp at) {
  sink_.accept({at, model::MinerServiceSeen{.flow = id_of(flow), .kind = service.kind, .product = service.product}});
}

void TrafficAnalyzer::say_name(const Flow& flow, const std::string& name, const char* source, Timestamp at) {
  model::FlowSeen numbers = numbers_of(flow);
  numbers.server_name = name;
  model::NameSeen seen{
      .client = numbers.flow.client, .name = name, .source = source, .has_flow = true, .flow = numbers.flow};
  sink_.accept({at, std::move(numbers)});
  sink_.accept({at, std::move(seen)});
}

// DNS over TCP. A flow outlives what its attachment refers to: the watch is this analyzer's.
void TrafficAnalyzer::read_dns(Flow& flow, Side side, const Packet& packet) {
  if (!flow.attached) {
    auto tell = [this, client = flow.client()](Side from, const DnsMessage& message, Timestamp at) {
      names_.see_dns(client, from, message, at);
    };
    if (!attach(flow, std::make_unique<DnsConnection>(std::move(tell)))) return;
  }
  static_cast<DnsConnection&>(*flow.attached).segment(side, packet);
}

void TrafficAnalyzer::see_quic(Flow& flow, const Packet& packet) {
  if (!flow.attached && !attach(flow, std::make_unique<QuicAttachment>())) return;
  QuicReader& reader = static_cast<QuicAttachment&>(*flow.attached).reader;
  const bool read = reader.feed(packet.payload);
  if (const auto& hello = reader.hello()) {
    names_.see_resolver(flow.client(), hello->server_name, flow.server_port(), packet.at);
    if (names_.is_listed(hello->server_name, flow.server_port())) say_name(flow, hello->server_name, "quic", packet.at);
  }
  if (!read || reader.done()) drop(flow);
}

void TrafficAnalyzer::see_datagram(Flow& flow, Side side, const Packet& packet) {
  if (flow.server_port() == kDnsPort || flow.server_port() == kMulticastDnsPort) {
    if (const auto message = parse_dns(packet.payload)) names_.see_dns(flow.client(), side, *message, packet.at);
    return;
  }
  if (packet.destination_port == kDhcpClientPort && packet.source_port == kDhcpServerPort) return devices_.dhcp(packet);
  if (packet.destination_port == kDhcpServerPort) return devices_.dhcp(packet);
  if (flow.server_port() == kQuicPort && side == Side::client) return see_quic(flow, packet);
  if (flow.server_port() != kQuicPort) flow.done = true;
}

// A new connection: to an address that intelligence lists, or that a listed name was resolved to, or to a resolver.
void TrafficAnalyzer::see_connection(const Flow& flow) {
  const Timestamp at{flow.last_ns};
  if (flow.established) hosts_.flow_answered(flow, at);
  names_.see_resolver(flow.client(), flow.server(), flow.server_port(), at);
  if (const std::string* name = names_.name_of(flow.server())) return say_name(flow, *name, "dns", at);
  if (names_.is_listed(flow.server(), flow.server_port())) sink_.accept({at, numbers_of(flow)});
}

void TrafficAnalyzer::say(const Flow& flow, const FlowAnalysis& analysis) {
  const Encrypted* encrypted = analysis.encrypted();
  const std::string& name = encrypted != nullptr ? encrypted->reader.facts().server_name : analysis.host();
  const bool conversation = analysis.facts().role != mining::Role::none;
  const bool named = !name.empty() && names_.is_listed(name, flow.server_port());
  const bool cycle = encrypted != nullptr && encrypted->found;
  if (encrypted != nullptr && !name.empty())
    names_.see_resolver(flow.client(), name, flow.server_port(), Timestamp{flow.last_ns});
  if (!conversation && !named && !cycle) return;
  model::FlowSeen seen = analysis.facts().sides_swapped ? turned_round(numbers_of(flow)) : numbers_of(flow);
  seen.server_name = name;
  seen.lost_bytes = analysis.lost_bytes();
  if (const auto& tunnel = analysis.tunnel())
    seen.tunnel = tunnel->kind, seen.tunnel_host = tunnel->host, seen.tunnel_port = tunnel->port;
  const Timestamp at{flow.last_ns};
  sink_.accept({at, seen});
  if (named) say_name(flow, name, encrypted != nullptr ? "tls" : "http", at);
  if (conversation) sink_.accept({at, conversation_of(seen.flow, analysis.facts())});
  if (encrypted != nullptr) sink_.accept({at, encryption_of(seen.flow, *encrypted)});
}

void TrafficAnalyzer::goodbye(Flow& flow) {
  if (flow.protocol == kUdp && flow.packets[0] > 0 && flow.packets[1] > 0)
    hosts_.flow_answered(flow, Timestamp{flow.last_ns});
  hosts_.flow_ended(flow);
  if (!flow.attached) return;
  --analyses_;
  if (flow.attached->reads_names()) return;
  const auto& analysis = static_cast<const FlowAnalysis&>(*flow.attached);
  counts_.skipped += analysis.skipped();
  say(flow, analysis);
}

void TrafficAnalyzer::report(Timestamp now) {
  table_.each_since((reported_ + -Nanoseconds(kReportOverlap)).nanoseconds, [this](Flow& flow) {
    if (!flow.attached || flow.attached->reads_names()) return;
    auto& analysis = static_cast<FlowAnalysis&>(*flow.attached);
    if (analysis.said_ns == flow.last_ns) return;
    analysis.said_ns = flow.last_ns;
    say(flow, analysis);
  });
  hosts_.move_to(now);
  reported_ = now;
}

void TrafficAnalyzer::finish() {
  table_.finish();
  hosts_.finish();
  counts_.unread += hosts_.left_out();
  counts_.flows = table_.seen(), counts_.evicted = table_.evicted();
}

}  // namespace davy::network

// What was seen on the wire, as observations (see observation.h for the rules that all of them follow). Emitted once
// for each flow that is worth it, when it ends, and again in between while a live flow goes on; later ones replace
// earlier ones of the same flow.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace davy::model {

// Which flow: ports are used again, a flow with its first time is not.
struct FlowId {
  std::string protocol;  // "tcp", "udp"
  std::string client;
  std::uint16_t client_port = 0;
  std::string server;
  std::uint16_t server_port = 0;
  std::int64_t first_ns = 0;  // since 1970

  static void fields(auto& self, auto&& field) {
    field("protocol", self.protocol), field("client", self.client), field("client_port", self.client_port);
    field("server", self.server), field("server_port", self.server_port), field("first_ns", self.first_ns);
  }
  friend auto operator<=>(const FlowId&, const FlowId&) = default;
};

// The numbers of a flow, and how it reached its server.
struct FlowSeen {
  FlowId flow;
  std::int64_t last_ns = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes_sent = 0;      // payload, by the client
  std::uint64_t bytes_received = 0;  // by the client
  bool handshake = false;            // a TCP handshake complete in both directions was seen
  bool from_start = false;           // the capture holds its beginning
  bool both_sides = false;           // both sides sent payload
  std::uint16_t vlan = 0;
  std::string server_name;  // of TLS, HTTP, QUIC or the DNS answer that led to it
  std::string tunnel;       // "connect", "socks4", "socks5"; empty when it goes straight
  std::string tunnel_host;  // where the proxy was asked to go
  std::uint16_t tunnel_port = 0;
  std::uint64_t lost_bytes = 0;  // missing in the capture

  static constexpr std::string_view kType = "flow_seen";
  static void fields(auto& self, auto&& field) {
    field("flow", self.flow), field("last_ns", self.last_ns), field("packets", self.packets);
    field("bytes_sent", self.bytes_sent), field("bytes_received", self.bytes_received);
    field("handshake", self.handshake), field("from_start", self.from_start), field("both_sides", self.both_sides);
    field("vlan", self.vlan), field("server_name", self.server_name), field("tunnel", self.tunnel);
    field("tunnel_host", self.tunnel_host), field("tunnel_port", self.tunnel_port);
    field("lost_bytes", self.lost_bytes);
  }
};

// What a conversation in clear turned out to be, and the work that went over it.
struct ConversationSeen {
  FlowId flow;
  std::string dialect;
  std::string role;  // "pool", "solo", "proxy", "node", "wallet"
  std::string coin;
  std::string algorithm;
  std::string wallet;  // with a valid checksum, else empty
  std::string wallet_coin;
  std::string account;
  std::string worker;
  std::string agent;
  std::uint32_t client_fits = 0;
  std::uint32_t server_fits = 0;
  std::uint32_t misfits = 0;
  bool client_greeted = false;
  bool server_agreed = false;
  std::uint64_t jobs = 0;
  std::uint64_t shares_sent = 0;
  std::uint64_t shares_accepted = 0;
  std::uint64_t shares_rejected = 0;
  std::uint64_t shares_valid = 0;
  std::uint64_t shares_invalid = 0;
  std::uint64_t shares_unchecked = 0;
  double share_bits = 0.0;       // see mining::ShareFacts::bits
  double expected_hashes = 0.0;  // behind the accepted shares
  bool recomputed = false;
  std::int64_t first_share_ns = 0;
  std::int64_t last_share_ns = 0;

  static constexpr std::string_view kType = "conversation_seen";
  static void fields(auto& self, auto&& field) {
    field("flow", self.flow), field("dialect", self.dialect), field("role", self.role), field("coin", self.coin);
    field("algorithm", self.algorithm), field("wallet", self.wallet), field("wallet_coin", self.wallet_coin);
    field("account", self.account), field("worker", self.worker), field("agent", self.agent);
    field("client_fits", self.client_fits), field("server_fits", self.server_fits), field("misfits", self.misfits);
    field("client_greeted", self.client_greeted), field("server_agreed", self.server_agreed);
    field("jobs", self.jobs), field("shares_sent", self.shares_sent);
    field("shares_accepted", self.shares_accepted), field("shares_rejected", self.shares_rejected);
    field("shares_valid", self.shares_valid), field("shares_invalid", self.shares_invalid);
    field("shares_unchecked", self.shares_unchecked), field("share_bits", self.share_bits);
    field("expected_hashes", self.expected_hashes), field("recomputed", self.recomputed);
    field("first_share_ns", self.first_share_ns), field("last_share_ns", self.last_share_ns);
  }
};

// What an encrypted flow shows without being decrypted.
struct TlsSeen {
  FlowId flow;
  std::string server_name;
  std::vector<std::string> certificate_names;
  std::string version;  // "1.2", "1.3"
  std::string ja3;
  std::string ja4;
  std::string alpn;
  bool has_client_hello = false;
  std::string profile;                   // the share cycle that its record sizes fit, empty when none
  bool cycle_from_start = false;         // the opening of the conversation was seen
  std::vector<std::string> cycle_marks;  // see mining::CycleMark
  std::uint32_t cycle_shares = 0;
  double cycle_gap_seconds = 0.0;  // median between shares
  std::uint32_t client_record_bytes = 0;
  std::uint32_t server_record_bytes = 0;

  static constexpr std::string_view kType = "tls_seen";
  static void fields(auto& self, auto&& field) {
    field("flow", self.flow), field("server_name", self.server_name);
    field("certificate_names", self.certificate_names), field("version", self.version), field("ja3", self.ja3);
    field("ja4", self.ja4), field("alpn", self.alpn), field("has_client_hello", self.has_client_hello);
    field("profile", self.profile), field("cycle_from_start", self.cycle_from_start);
    field("cycle_marks", self.cycle_marks), field("cycle_shares", self.cycle_shares);
    field("cycle_gap_seconds", self.cycle_gap_seconds);
    field("client_record_bytes", self.client_record_bytes), field("server_record_bytes", self.server_record_bytes);
  }
};

// A host asked for, or was sent to, a name that intelligence lists. `flow` is the connection made to it when one was.
struct NameSeen {
  std::string client;
  std::string name;
  std::string source;  // "dns", "tls", "http", "quic"; "doh", "dot": the name is that of an encrypted resolver
  bool has_flow = false;
  FlowId flow;

  static constexpr std::string_view kType = "name_seen";
  static void fields(auto& self, auto&& field) {
    field("client", self.client), field("name", self.name), field("source", self.source);
    field("has_flow", self.has_flow), field("flow", self.flow);
  }
};

// A capture has been read to its end, or as far as it goes.
struct CaptureEnd {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t flows = 0;
  std::uint64_t dropped = 0;    // packets that a live capture lost
  std::uint64_t truncated = 0;  // packets cut by the capture's own limit
  std::uint64_t malformed = 0;
  std::uint64_t unsupported = 0;  // link types that are not read
  std::uint64_t evicted = 0;      // flows given up before their time
  std::uint64_t unread = 0;       // flows, or reports of flows, left out because of a limit
  std::uint64_t skipped = 0;      // messages that were damaged, or too long
  double seconds = 0.0;           // of processing

  static constexpr std::string_view kType = "capture_end";
  static void fields(auto& self, auto&& field) {
    field("packets", self.packets), field("bytes", self.bytes), field("flows", self.flows);
    field("dropped", self.dropped), field("truncated", self.truncated), field("malformed", self.malformed);
    field("unsupported", self.unsupported), field("evicted", self.evicted), field("unread", self.unread),
        field("skipped", self.skipped);
    field("seconds", self.seconds);
  }
};

}  // namespace davy::model

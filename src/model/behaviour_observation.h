// How hosts behave on the wire, and what the organisation has declared about them, as observations (see observation.h
// for the rules that all of them follow).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/wire_observation.h"

namespace davy::model {

// A part of the network: all addresses in `networks`, and all that is seen in `vlans`.
struct ZoneDeclared {
  std::string name;
  std::vector<std::string> networks;  // "10.1.0.0/16", "fd00:1::/32"
  std::vector<std::uint16_t> vlans;

  static void fields(auto& self, auto&& field) {
    field("name", self.name), field("networks", self.networks), field("vlans", self.vlans);
  }
};

// Who may talk to whom across zones; "*" is any zone, no ports are all ports.
struct AllowanceDeclared {
  std::string from;
  std::string to;
  std::vector<std::uint16_t> ports;

  static void fields(auto& self, auto&& field) {
    field("from", self.from), field("to", self.to), field("ports", self.ports);
  }
};

// A device that is known, or a visitor's, known until it expires.
struct DeviceDeclared {
  std::string mac;              // "02:00:00:00:00:01"
  std::string address;          // empty: any
  std::string owner;            // of a visitor, the sponsor
  std::int64_t expires_ns = 0;  // since 1970; 0 never

  static void fields(auto& self, auto&& field) {
    field("mac", self.mac), field("address", self.address), field("owner", self.owner);
    field("expires_ns", self.expires_ns);
  }
};

// Servers that hosts may visit like a clock and send much to, and hosts that may scan, fetch and copy.
struct ServiceDeclared {
  std::vector<std::string> networks;
  std::string note;

  static void fields(auto& self, auto&& field) { field("networks", self.networks), field("note", self.note); }
};

// All that is declared; comes before the traffic. A later one replaces an earlier one.
struct PolicySeen {
  std::vector<ZoneDeclared> zones;
  std::vector<AllowanceDeclared> allowances;
  std::vector<DeviceDeclared> devices;
  std::vector<ServiceDeclared> services;
  std::int64_t learn_devices_ns = 0;  // devices seen in the first so many nanoseconds count as known

  static constexpr std::string_view kType = "policy_seen";
  static void fields(auto& self, auto&& field) {
    field("zones", self.zones), field("allowances", self.allowances), field("devices", self.devices);
    field("services", self.services), field("learn_devices_ns", self.learn_devices_ns);
  }
};

// What one local host did in one window. Flows count where they began, bytes where they ended.
struct HostActivity {
  std::string address;
  std::uint16_t vlan = 0;
  std::int64_t from_ns = 0;
  std::uint64_t flows = 0;       // that it began
  std::uint64_t unanswered = 0;  // of those that ended
  std::uint64_t peers = 0;       // distinct addresses that it began flows to, as far as they are counted
  std::uint64_t brief = 0;       // brief connections to the one server and port that got most of them
  std::string brief_server;
  std::uint16_t brief_port = 0;
  std::uint64_t bytes_sent = 0;
  std::string largest_peer;  // that got most of the bytes
  std::uint64_t largest_bytes = 0;

  static constexpr std::string_view kType = "host_activity";
  static void fields(auto& self, auto&& field) {
    field("address", self.address), field("vlan", self.vlan), field("from_ns", self.from_ns);
    field("flows", self.flows), field("unanswered", self.unanswered), field("peers", self.peers);
    field("brief", self.brief), field("brief_server", self.brief_server), field("brief_port", self.brief_port);
    field("bytes_sent", self.bytes_sent), field("largest_peer", self.largest_peer);
    field("largest_bytes", self.largest_bytes);
  }
};

// How regularly a client comes to a server; told when the number of visits has doubled.
struct ContactsSeen {
  std::string client;
  std::string server;
  std::uint16_t port = 0;
  std::string protocol;
  std::uint32_t contacts = 0;  // since it is watched
  double gap_seconds = 0.0;    // median between the last ones
  double gap_spread = 0.0;     // median distance from that median, as a share of it
  std::int64_t first_ns = 0;

  static constexpr std::string_view kType = "contacts_seen";
  static void fields(auto& self, auto&& field) {
    field("client", self.client), field("server", self.server), field("port", self.port);
    field("protocol", self.protocol), field("contacts", self.contacts), field("gap_seconds", self.gap_seconds);
    field("gap_spread", self.gap_spread), field("first_ns", self.first_ns);
  }
};

// Two local hosts talked: told once for each client, server and port.
struct NeighboursSeen {
  FlowId flow;
  std::uint16_t vlan = 0;

  static constexpr std::string_view kType = "neighbours_seen";
  static void fields(auto& self, auto&& field) { field("flow", self.flow), field("vlan", self.vlan); }
};

// A device said which address it has.
struct DeviceSeen {
  std::string mac;
  std::string address;
  std::uint16_t vlan = 0;
  std::string how;     // "arp", "nd", "dhcp"
  std::string name;    // that it gave to DHCP
  std::string vendor;  // class that it gave to DHCP

  static constexpr std::string_view kType = "device_seen";
  static void fields(auto& self, auto&& field) {
    field("mac", self.mac), field("address", self.address), field("vlan", self.vlan), field("how", self.how);
    field("name", self.name), field("vendor", self.vendor);
  }
};

// A server answered as the management of a mining machine or program does.
struct MinerServiceSeen {
  FlowId flow;
  std::string kind;  // "api", "web"
  std::string product;

  static constexpr std::string_view kType = "miner_service_seen";
  static void fields(auto& self, auto&& field) {
    field("flow", self.flow), field("kind", self.kind), field("product", self.product);
  }
};

// What a server answered when it was asked whether it is a pool (davy probe).
struct ProbeSeen {
  std::string name;  // that it was asked for by; empty when it was an address
  std::string address;
  std::uint16_t port = 0;
  std::string question;  // "stratum", "tls cryptonote"
  std::string answer;    // "nothing", "other", "echo", "pool_error", "greeting", "job", "unreachable"
  std::string dialect;
  std::string coin;
  std::string excerpt;

  static constexpr std::string_view kType = "probe_seen";
  static void fields(auto& self, auto&& field) {
    field("name", self.name), field("address", self.address), field("port", self.port);
    field("question", self.question), field("answer", self.answer), field("dialect", self.dialect);
    field("coin", self.coin), field("excerpt", self.excerpt);
  }
};

}  // namespace davy::model

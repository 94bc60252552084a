// The organisation's policy for its network, from policy.toml: zones and who may talk across them, devices and visitors
// that are known, servers that are nobody's surprise.
//
//   [[zone]]     name = "servers"  networks = ["10.1.0.0/16"]  vlans = [10]
//   [[allow]]    from = "offices"  to = "servers"  ports = [443]     # "*" is any zone, no ports are all ports
//   [[device]]   mac = "02:00:00:00:00:01"  address = "10.1.0.7"  owner = "IT"
//   [[visitor]]  mac = "02:00:00:00:00:02"  sponsor = "Li Lei"  expires = 2026-12-01T18:00:00+08:00
//   [[service]]  networks = ["10.1.0.9"]  note = "backup"
//   devices = "learn"                    # or "declared" (as soon as one is), or "off"
//
// parse_policy is pure; Declared is what detectors ask, immutable and thread-safe. Errors: malformed, invalid_argument,
// limit_exceeded, naming the table; a key that nobody knows is an error, with the nearest one. Limits: kDeclaredMax.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/observation.h"
#include "network/network_range.h"

namespace davy::network::behaviour {

inline constexpr std::size_t kDeclaredMax = 100'000;  // tables of one kind
inline constexpr std::int64_t kLearnDevicesNs = 3'600'000'000'000;

Result<model::PolicySeen> parse_policy(std::string_view toml, const std::string& source);

class Declared {
 public:
  explicit Declared(const model::PolicySeen& policy = {});

  bool has_zones() const { return !zones_.empty(); }
  bool knows_devices() const { return !devices_.empty() || policy_.learn_devices_ns > 0; }
  std::int64_t learn_devices_ns() const { return policy_.learn_devices_ns; }

  // The zone of an address seen in a VLAN (0: none); the first that has it. Null when none has.
  const model::ZoneDeclared* zone_of(const Address& address, std::uint16_t vlan) const;
  bool may_talk(const std::string& from, const std::string& to, std::uint16_t port) const;
  // Whether a server or scanner that is declared has this address.
  bool is_service(const Address& address) const;

  enum class Device { unknown, known, expired, wrong_address };
  struct Standing {
    Device device = Device::unknown;
    std::string owner;
  };
  Standing device(const std::string& mac, const std::string& address, Timestamp at) const;

 private:
  model::PolicySeen policy_;
  std::vector<std::pair<std::vector<NetworkRange>, const model::ZoneDeclared*>> zones_;
  std::vector<NetworkRange> services_;
  std::multimap<std::string, const model::DeviceDeclared*> devices_;

 public:
  Declared(const Declared&) = delete;
  Declared& operator=(const Declared&) = delete;
};

// All networks that are declared: their hosts are local, whatever their addresses.
std::vector<NetworkRange> declared_networks(const model::PolicySeen& policy);

}  // namespace davy::network::behaviour

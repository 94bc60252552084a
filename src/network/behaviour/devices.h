// Which device has which address: ARP (RFC 826), IPv6 neighbour discovery (RFC 4861) and DHCP (RFC 2131).
//
// Free functions read foreign bytes: whatever the fields claim, only bytes given are touched; texts are printable and
// at most kDeviceTextMax. DeviceWatch tells each device, address and name once an
// hour (limit: kDevicesMax). Functions are pure; the watch is deterministic and not thread-safe.
//
//   if (const auto claim = parse_arp(bytes)) watch.see(*claim, packet.vlan, packet.at);
#pragma once

#include <array>
#include <optional>
#include <string>

#include "model/observation.h"
#include "network/behaviour/limits.h"
#include "network/packet.h"
#include "network/recent.h"

namespace davy::network::behaviour {

using Mac = std::array<std::uint8_t, 6>;

inline constexpr std::size_t kDeviceTextMax = 64;
inline constexpr std::size_t kDevicesMax = 131'072;

// A device says that an address is its own.
struct AddressClaim {
  Mac mac{};
  Address address;
  const char* how = "";  // "arp", "nd", "dhcp"
};

struct DhcpMessage {
  Mac mac{};
  std::uint8_t type = 0;           // 1 discover, 3 request, 5 acknowledgement
  std::optional<Address> address;  // that an acknowledgement gives
  std::string name, vendor;
};

std::optional<AddressClaim> parse_arp(ByteView bytes);
// The ICMPv6 message of a packet from `source`.
std::optional<AddressClaim> parse_neighbour(ByteView bytes, const Address& source);
std::optional<DhcpMessage> parse_dhcp(ByteView bytes);

std::string to_text(const Mac& mac);

class DeviceWatch {
 public:
  explicit DeviceWatch(model::ObservationSink& sink) : sink_(&sink) {}

  // A frame that is not TCP or UDP.
  void frame(const Packet& packet, PacketKind kind);
  void dhcp(const Packet& packet);

 private:
  void see(const AddressClaim& claim, const Packet& packet, const std::string& name, const std::string& vendor);

  model::ObservationSink* sink_;
  struct Told {
    std::string name;
    Timestamp at;
  };
  Recent<std::pair<Mac, Address>, Told> told_{kDevicesMax, kPairsSpan};
  Recent<Mac, std::pair<std::string, std::string>> names_{kDevicesMax, kPairsSpan};
};

}  // namespace davy::network::behaviour

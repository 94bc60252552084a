#include "network/behaviour/devices.h"

#include <algorithm>

#include "base/json.h"

namespace davy::network::behaviour {
namespace {

constexpr std::uint16_t kArp = 0x0806, kIpv4 = 0x0800, kEthernet = 1;
constexpr std::uint8_t kIcmp6 = 58, kSolicitation = 135, kAdvertisement = 136;
constexpr std::uint8_t kSourceLink = 1, kTargetLink = 2;
constexpr std::uint32_t kDhcpCookie = 0x63825363;
constexpr std::uint8_t kPad = 0, kHostName = 12, kMessageType = 53, kVendorClass = 60, kEnd = 255, kDhcpAck = 5;
constexpr std::size_t kDhcpOptions = 240;
constexpr int kOptionsMax = 64;

Mac mac_at(ByteView bytes, std::size_t at) {
  Mac out;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), out.size(), out.begin());
  return out;
}

// Of one device: not a group's, not the empty one.
bool is_own(const Mac& mac) { return (mac[0] & 1) == 0 && mac != Mac{}; }

std::string text_of(ByteView bytes) { return printable(as_text(bytes.first(std::min(bytes.size(), kDeviceTextMax)))); }

bool is_unset(const Address& address) {
  return address == Address{} || (address.is_v4() && std::all_of(address.bytes.begin() + 12, address.bytes.end(),
                                                                 [](std::uint8_t byte) { return byte == 0; }));
}

void take_option(std::uint8_t code, ByteView value, DhcpMessage& out) {
  if (code == kMessageType && value.size() == 1) out.type = value[0];
  if (code == kHostName) out.name = text_of(value);
  if (code == kVendorClass) out.vendor = text_of(value);
}

void take_options(ByteView options, DhcpMessage& out) {
  for (int count = 0; count < kOptionsMax && !options.empty() && options[0] != kEnd; ++count) {
    if (options[0] == kPad) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2 || options.size() < 2U + options[1]) return;
    take_option(options[0], options.subspan(2, options[1]), out);
    options = options.subspan(2U + options[1]);
  }
}

}  // namespace

std::string to_text(const Mac& mac) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : mac) (out += out.empty() ? "" : ":") += {kDigits[byte >> 4U], kDigits[byte & 15U]};
  return out;
}

// Requests and replies alike name their sender. A probe for an address not yet taken names none.
std::optional<AddressClaim> parse_arp(ByteView bytes) {
  if (bytes.size() < 28 || read_u16_be(bytes, 0) != kEthernet || read_u16_be(bytes, 2) != kIpv4 || bytes[4] != 6 ||
      bytes[5] != 4)
    return std::nullopt;
  AddressClaim out{mac_at(bytes, 8), Address::v4(&bytes[14]), "arp"};
  return is_own(out.mac) && !is_unset(out.address) ? std::optional(out) : std::nullopt;
}

std::optional<AddressClaim> parse_neighbour(ByteView bytes, const Address& source) {
  if (bytes.size() < 24 || (bytes[0] != kSolicitation && bytes[0] != kAdvertisement)) return std::nullopt;
  const bool advertises = bytes[0] == kAdvertisement;
  AddressClaim out{{}, advertises ? Address::v6(&bytes[8]) : source, "nd"};
  for (ByteView rest = bytes.subspan(24); rest.size() >= 8;) {
    const std::size_t size = rest[1] * 8U;
    if (size == 0 || size > rest.size()) break;
    if (rest[0] == (advertises ? kTargetLink : kSourceLink)) out.mac = mac_at(rest, 2);
    rest = rest.subspan(size);
  }
  return is_own(out.mac) && !is_unset(out.address) ? std::optional(out) : std::nullopt;
}

std::optional<DhcpMessage> parse_dhcp(ByteView bytes) {
  if (bytes.size() < kDhcpOptions || bytes[1] != kEthernet || bytes[2] != 6 || read_u32_be(bytes, 236) != kDhcpCookie)
    return std::nullopt;
  DhcpMessage out;
  out.mac = mac_at(bytes, 28);
  take_options(bytes.subspan(kDhcpOptions), out);
  const Address given = Address::v4(&bytes[16]);
  if (out.type == kDhcpAck && !is_unset(given)) out.address = given;
  return is_own(out.mac) ? std::optional(std::move(out)) : std::nullopt;
}

void DeviceWatch::see(const AddressClaim& claim, const Packet& packet, const std::string& name,
                      const std::string& vendor) {
  const std::pair key(claim.mac, claim.address);
  const Told* told = told_.find(key);
  const bool anew = told == nullptr || packet.at - told->at >= Nanoseconds(kDeviceToldAgain);
  if (!anew && (name.empty() || told->name == name)) return;
  told_.put(key, {name, packet.at}, packet.at);
  sink_->accept({packet.at, model::DeviceSeen{.mac = to_text(claim.mac),
                                              .address = to_text(claim.address),
                                              .vlan = packet.vlan,
                                              .how = claim.how,
                                              .name = name,
                                              .vendor = vendor}});
}

void DeviceWatch::frame(const Packet& packet, PacketKind kind) {
  const auto claim = kind == PacketKind::link && packet.ether_type == kArp ? parse_arp(packet.link_payload)
                     : kind == PacketKind::other_ip && packet.protocol == kIcmp6
                         ? parse_neighbour(packet.payload, packet.source)
                         : std::nullopt;
  if (claim) see(*claim, packet, "", "");
}

// The client says its name when it asks; the server says the address when it agrees.
void DeviceWatch::dhcp(const Packet& packet) {
  const auto message = parse_dhcp(packet.payload);
  if (!message) return;
  if (!message->name.empty() || !message->vendor.empty())
    names_.put(message->mac, {message->name, message->vendor}, packet.at);
  if (!message->address) return;
  const auto* names = names_.find(message->mac);
  see({message->mac, *message->address, "dhcp"}, packet, names ? names->first : "", names ? names->second : "");
}

}  // namespace davy::network::behaviour

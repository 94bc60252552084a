#include "network/packet.h"

#include <algorithm>

namespace davy::network {
namespace {

// LINKTYPE_ numbers of https://www.tcpdump.org/linktypes.html
constexpr std::uint32_t kLinkNull = 0, kLinkEthernet = 1, kLinkRawBsd = 12, kLinkRawOpenBsd = 14, kLinkRaw = 101,
                        kLinkLoop = 108, kLinkSll = 113, kLinkIpv4 = 228, kLinkIpv6 = 229, kLinkSll2 = 276,
                        kLinkPpp = 9;
constexpr std::uint16_t kEtherIpv4 = 0x0800, kEtherIpv6 = 0x86dd, kEtherVlan = 0x8100, kEtherQinq = 0x88a8,
                        kEtherQinqOld = 0x9100, kEtherMpls = 0x8847, kEtherMplsMulticast = 0x8848, kEtherPppoe = 0x8864,
                        kEtherTransparent = 0x6558;
constexpr std::uint8_t kGre = 47, kIpInIp = 4, kIpv6InIp = 41;
constexpr std::uint16_t kVxlanPort = 4789;

std::uint16_t u16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] << 8 | at[1]); }
std::uint32_t u32(const std::uint8_t* at) { return std::uint32_t{u16(at)} << 16 | u16(at + 2); }

// Walks down through the headers of one frame.
class Walk {
 public:
  Walk(Packet& packet, Fragments& fragments) : packet_(packet), fragments_(fragments) {}

  PacketKind link(std::uint32_t type, ByteView bytes) {
    switch (type) {
      case kLinkEthernet: return ethernet(bytes);
      case kLinkRaw:
      case kLinkRawBsd:
      case kLinkRawOpenBsd:
      case kLinkIpv4:
      case kLinkIpv6: return ip(bytes);
      case kLinkNull:
      case kLinkLoop: return bytes.size() < 4 ? PacketKind::truncated : ip(bytes.subspan(4));
      case kLinkSll:
        return bytes.size() < 16 ? PacketKind::truncated : by_ether_type(u16(&bytes[14]), bytes.subspan(16));
      case kLinkSll2:
        return bytes.size() < 20 ? PacketKind::truncated : by_ether_type(u16(&bytes[0]), bytes.subspan(20));
      case kLinkPpp: return ppp(bytes);
      default: return PacketKind::unsupported_link;
    }
  }

 private:
  bool too_deep() { return ++depth_ > kNestingMax; }

  PacketKind ethernet(ByteView bytes) {
    if (bytes.size() < 14) return PacketKind::truncated;
    std::copy_n(bytes.begin(), 6, packet_.destination_mac.begin());
    std::copy_n(bytes.begin() + 6, 6, packet_.source_mac.begin());
    packet_.has_mac = true;
    return by_ether_type(u16(&bytes[12]), bytes.subspan(14));
  }

  PacketKind by_ether_type(std::uint16_t type, ByteView bytes) {
    if (too_deep()) return PacketKind::malformed;
    packet_.ether_type = type;
    switch (type) {
      case kEtherIpv4:
      case kEtherIpv6: return ip(bytes);
      case kEtherVlan:
      case kEtherQinq:
      case kEtherQinqOld:
        if (bytes.size() < 4) return PacketKind::truncated;
        packet_.vlan = u16(&bytes[0]) & 0x0fff;
        return by_ether_type(u16(&bytes[2]), bytes.subspan(4));
      case kEtherMpls:
      case kEtherMplsMulticast: return mpls(bytes);
      case kEtherPppoe: return bytes.size() < 6 ? PacketKind::truncated : ppp(bytes.subspan(6));
      case kEtherTransparent: return ethernet(bytes);
      default: packet_.link_payload = bytes; return PacketKind::link;
    }
  }

  PacketKind mpls(ByteView bytes) {
    for (bool bottom = false; !bottom; bytes = bytes.subspan(4)) {
      if (too_deep()) return PacketKind::malformed;
      if (bytes.size() < 4) return PacketKind::truncated;
      bottom = (bytes[2] & 1) != 0;
    }
    return ip(bytes);
  }

  PacketKind ppp(ByteView bytes) {
    if (bytes.size() >= 2 && bytes[0] == 0xff && bytes[1] == 0x03) bytes = bytes.subspan(2);  // HDLC framing
    if (bytes.size() < 2) return PacketKind::truncated;
    const std::uint16_t protocol = u16(&bytes[0]);
    return protocol == 0x0021 || protocol == 0x0057 ? ip(bytes.subspan(2)) : PacketKind::link;
  }

  PacketKind ip(ByteView bytes) {
    if (too_deep()) return PacketKind::malformed;
    if (bytes.empty()) return PacketKind::truncated;
    const int version = bytes[0] >> 4;
    if (version == 4) return ipv4(bytes);
    return version == 6 ? ipv6(bytes) : PacketKind::malformed;
  }

  PacketKind ipv4(ByteView bytes) {
    if (bytes.size() < 20) return PacketKind::truncated;
    const std::size_t header = (bytes[0] & 15U) * 4;
    std::size_t total = u16(&bytes[2]);
    if (total == 0) total = bytes.size();  // segmentation offload writes none
    if (header < 20 || total < header) return PacketKind::malformed;
    if (bytes.size() < header) return PacketKind::truncated;
    packet_.source = Address::v4(&bytes[12]), packet_.destination = Address::v4(&bytes[16]);
    const std::uint16_t flags = u16(&bytes[6]);
    const ByteView payload = bytes.subspan(header, std::min(bytes.size(), total) - header);
    if ((flags & 0x3fff) == 0) return transport(bytes[9], payload, static_cast<std::uint32_t>(total - header));
    return piece({packet_.source, packet_.destination, u16(&bytes[4]), bytes[9], (flags & 0x1fffU) * 8U,
                  (flags & 0x2000) != 0, payload},
                 payload.size() == total - header);
  }

  PacketKind ipv6(ByteView bytes) {
    if (bytes.size() < 40) return PacketKind::truncated;
    packet_.source = Address::v6(&bytes[8]), packet_.destination = Address::v6(&bytes[24]);
    std::uint32_t length = u16(&bytes[4]);
    std::uint8_t next = bytes[6];
    ByteView rest = bytes.subspan(40);
    if (length == 0) length = static_cast<std::uint32_t>(rest.size());
    rest = rest.subspan(0, std::min<std::size_t>(rest.size(), length));
    while (next == 0 || next == 43 || next == 60 || next == 51) {  // options, routing, authentication
      if (too_deep()) return PacketKind::malformed;
      if (rest.size() < 8) return PacketKind::truncated;
      const std::size_t size = next == 51 ? (rest[1] + 2U) * 4U : (rest[1] + 1U) * 8U;
      if (size > length) return PacketKind::malformed;
      if (size > rest.size()) return PacketKind::truncated;
      next = rest[0], rest = rest.subspan(size), length -= static_cast<std::uint32_t>(size);
    }
    if (next != 44) return transport(next, rest, length);
    if (rest.size() < 8) return PacketKind::truncated;
    const std::uint16_t offset = u16(&rest[2]);
    return piece({packet_.source, packet_.destination, u32(&rest[4]), rest[0], offset & 0xfff8U, (offset & 1) != 0,
                  rest.subspan(8)},
                 rest.size() == length);
  }

  PacketKind piece(const Piece& piece, bool whole) {
    if (!whole) return PacketKind::truncated;
    if (piece.offset == 0 && !piece.more)
      return transport(piece.protocol, piece.bytes, static_cast<std::uint32_t>(piece.bytes.size()));
    const auto put_together = fragments_.add(piece, packet_.at);
    if (!put_together) return PacketKind::fragment;
    packet_.put_together = true;
    return transport(piece.protocol, *put_together, static_cast<std::uint32_t>(put_together->size()));
  }

  PacketKind transport(std::uint8_t protocol, ByteView bytes, std::uint32_t length) {
    packet_.protocol = protocol;
    switch (protocol) {
      case kTcp: return tcp(bytes, length);
      case kUdp: return udp(bytes, length);
      case kGre: return gre(bytes);
      case kIpInIp:
      case kIpv6InIp: return ip(bytes);
      default: packet_.payload = bytes, packet_.payload_bytes = length; return PacketKind::other_ip;
    }
  }

  PacketKind tcp(ByteView bytes, std::uint32_t length) {
    if (length < 20) return PacketKind::malformed;
    if (bytes.size() < 20) return PacketKind::truncated;
    const std::uint32_t header = (bytes[12] >> 4) * 4U;
    if (header < 20 || header > length) return PacketKind::malformed;
    packet_.source_port = u16(&bytes[0]), packet_.destination_port = u16(&bytes[2]);
    packet_.sequence = u32(&bytes[4]), packet_.acknowledged = u32(&bytes[8]);
    packet_.tcp_flags = bytes[13];
    packet_.payload_bytes = length - header;
    packet_.payload = bytes.subspan(std::min<std::size_t>(header, bytes.size()));
    return PacketKind::transport;
  }

  PacketKind udp(ByteView bytes, std::uint32_t length) {
    if (length < 8) return PacketKind::malformed;
    if (bytes.size() < 8) return PacketKind::truncated;
    packet_.source_port = u16(&bytes[0]), packet_.destination_port = u16(&bytes[2]);
    packet_.payload_bytes = length - 8, packet_.payload = bytes.subspan(8);
    if (packet_.destination_port == kVxlanPort && bytes.size() >= 16 && (bytes[8] & 0x08) != 0 && !too_deep())
      return ethernet(bytes.subspan(16));
    return PacketKind::transport;
  }

  PacketKind gre(ByteView bytes) {
    if (bytes.size() < 4) return PacketKind::truncated;
    const std::uint16_t flags = u16(&bytes[0]);
    if ((flags & 0x0007) > 1) return PacketKind::other_ip;
    const bool enhanced = (flags & 0x0007) == 1;  // PPTP
    std::size_t header = 4;
    if ((flags & 0x8000) != 0) header += 4;
    if ((flags & 0x2000) != 0) header += 4;
    if ((flags & 0x1000) != 0) header += 4;
    if (enhanced && (flags & 0x0080) != 0) header += 4;
    if (bytes.size() < header) return PacketKind::truncated;
    const ByteView inner = bytes.subspan(header);
    return enhanced ? ppp(inner) : by_ether_type(u16(&bytes[2]), inner);
  }

  Packet& packet_;
  Fragments& fragments_;
  int depth_ = 0;
};

}  // namespace

PacketKind PacketReader::read(const Frame& frame, Packet& out) {
  out = Packet{};
  out.at = frame.at;
  return Walk(out, fragments_).link(frame.link_type, frame.bytes);
}

}  // namespace davy::network

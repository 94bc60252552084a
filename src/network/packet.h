// One captured frame, read down to its payload without copying: Ethernet, Linux cooked (SLL, SLL2), raw IP, loopback;
// 802.1Q and QinQ, MPLS, PPPoE, GRE, VXLAN; IPv4 and IPv6 with extension headers and fragments; TCP and UDP.
//
// Reads foreign bytes: whatever the headers claim, only bytes of the frame are touched. Sources: the RFCs of each
// header, link types of tcpdump.org. Free functions are thread-safe; a PacketReader belongs to one thread (it keeps
// fragments). Limits: kNestingMax headers of encapsulation, and those of fragments.h.
//
//   PacketReader reader;
//   Packet packet;
//   if (reader.read(frame, packet) == PacketKind::transport) table.see(packet);
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "network/address.h"
#include "network/fragments.h"

namespace davy::network {

inline constexpr int kNestingMax = 12;

// A frame as captured: `original_bytes` is its length on the wire, which may be more than was kept.
struct Frame {
  Timestamp at;
  std::uint32_t link_type = 1;  // LINKTYPE_ of the capture file
  std::uint32_t original_bytes = 0;
  ByteView bytes;
};

enum class PacketKind : std::uint8_t {
  transport,  // TCP or UDP, with its payload
  other_ip,   // another protocol over IP
  link,       // not IP: ARP, LLDP, ...
  fragment,   // part of a packet that is not whole yet
  malformed,  // headers that contradict themselves
  truncated,  // the capture kept too little of it
  unsupported_link,
};

inline constexpr std::uint8_t kTcp = 6, kUdp = 17;
inline constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16;

struct Packet {
  Timestamp at;
  Address source, destination;
  std::uint16_t source_port = 0, destination_port = 0;
  std::uint8_t protocol = 0;  // of IP
  std::uint8_t tcp_flags = 0;
  std::uint32_t sequence = 0, acknowledged = 0;  // TCP
  std::uint16_t vlan = 0;                        // innermost 802.1Q id, 0 when none
  std::uint16_t ether_type = 0;                  // of the innermost Ethernet frame
  std::array<std::uint8_t, 6> source_mac{}, destination_mac{};
  bool has_mac = false;
  bool put_together = false;        // of fragments
  std::uint32_t payload_bytes = 0;  // as the headers say
  ByteView payload;                 // what of it was captured; valid as long as the frame, or until the next read()
  ByteView link_payload;            // behind the Ethernet header, when the kind is `link`
};

class PacketReader {
 public:
  PacketKind read(const Frame& frame, Packet& out);
  const Fragments& fragments() const { return fragments_; }

 private:
  Fragments fragments_;
};

}  // namespace davy::network

// Packets of an interface as they pass: rings of AF_PACKET (TPACKET_V3), shared with the kernel.
//
// One interface can be read by several rings: the kernel deals its flows out by a hash that is the same for both
// directions and for every interface, so that ring number n of each sees the same flows. On loopback each packet is
// given once (what goes out is left out, it comes in again). Nothing of a packet is looked at here; its bytes go as
// they are to whoever parses them.
//
// A PacketRing belongs to one thread. Linux only; needs root or CAP_NET_RAW to open, nothing afterwards. Memory: the
// ring's. Packets that found no room in the ring are lost and counted by the kernel; what the card or its driver
// dropped before is not in that figure. Tunnels are dealt out by their outer addresses and ports; the two directions
// of a VXLAN tunnel may then go to different rings.
// Errors of open(): not_found (no such interface), invalid_argument (no name), permission_denied, unsupported (no
// packet sockets, or the interface is down), io. Source: packet(7), Documentation/networking/packet_mmap of the kernel.
//
//   std::vector<PacketRing> rings = TRY(PacketRing::open("eth0", {}, 2));
//   rings[0].begin();
//   const std::size_t got = rings[0].take(window);
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "network/live/frame_record.h"

namespace davy::network {

inline constexpr std::size_t kRingBlockBytes = 1U << 20;
inline constexpr std::chrono::milliseconds kRingBlockTimeout{40};  // after which a block is handed over as it is

struct RingOptions {
  std::size_t ring_bytes = 32U << 20;
  bool promiscuous = true;  // frames to other machines too; loopback has none
};

struct RingCounts {
  std::uint64_t packets = 0;  // that the kernel had for this ring, with those it dropped
  std::uint64_t dropped = 0;
};

class PacketRing {
 public:
  // `how_many` rings that share the interface. They are closed to packets until begin().
  static Result<std::vector<PacketRing>> open(const std::string& interface, const RingOptions& options,
                                              std::size_t how_many);

  PacketRing(PacketRing&& other) noexcept;
  PacketRing& operator=(PacketRing&&) = delete;
  ~PacketRing();

  Status begin();
  // No further packets; those in the ring can still be taken.
  Status end();

  // Copies frames, as records of a capture file, to the front of `into`; bytes written. It stops when the ring is empty
  // or the next record does not fit.
  std::size_t take(std::span<std::uint8_t> into);
  bool has_frames() const;

  int descriptor() const { return socket_.get(); }  // readable when there are frames
  // Clears what poll() reports as an error; true when the interface went down or away.
  bool lost_interface();
  RingCounts counts();

  const std::string& interface() const { return interface_; }
  std::uint64_t frames() const { return frames_; }  // taken so far

 private:
  PacketRing(std::string interface, UniqueFd socket) : interface_(std::move(interface)), socket_(std::move(socket)) {}
  // `group`: of the rings that share the interface, -1 for the first; null when it is the only one.
  static Result<PacketRing> open_one(const std::string& interface, const RingOptions& options, int* group);
  Status map(std::size_t ring_bytes);
  LiveFrame frame_at(const std::uint8_t* header) const;
  std::uint8_t* block() const { return memory_ + index_ * kRingBlockBytes; }
  void release();

  std::string interface_;
  UniqueFd socket_;
  bool has_link_layer_ = true;
  bool skip_outgoing_ = false;
  std::uint8_t* memory_ = nullptr;
  std::size_t blocks_ = 0;
  std::size_t index_ = 0;               // the block that is read, or read next
  std::uint32_t left_ = 0;              // frames of it that were not taken yet
  const std::uint8_t* next_ = nullptr;  // header of the next of them; null when the block was not begun
  std::uint64_t frames_ = 0;
  RingCounts counts_;
};

}  // namespace davy::network

// Frames as records of a capture file, so that a live capture is read by the same parser as a stored one.
//
// Everything is written as Ethernet with nanoseconds (the header says so once). The kernel hands over a VLAN tag beside
// the frame: it is put back where it stood. A frame without a link layer gets an empty one. Pure functions,
// thread-safe. Source: draft-ietf-opsawg-pcap.
//
//   std::size_t used = put_capture_header(window);
//   used += put_frame_record(frame, window.subspan(used));
#pragma once

#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/clock.h"

namespace davy::network {

inline constexpr std::size_t kCaptureHeaderBytes = 24;
inline constexpr std::size_t kRecordOverheadMax = 16 + 14 + 4;  // header of the record, of Ethernet, a tag

struct VlanTag {
  std::uint16_t protocol = 0x8100;
  std::uint16_t control = 0;  // priority and id
};

// A frame as a packet socket gives it.
struct LiveFrame {
  Timestamp at;
  std::uint32_t original_bytes = 0;  // on the wire, without what `tag` adds
  ByteView bytes;                    // what was captured
  std::optional<VlanTag> tag;        // that the kernel took out
  std::uint16_t ether_type = 0;      // of a frame that has no link layer, 0 when it has one
};

// Bytes written; 0 when there is no room, and then nothing was written.
std::size_t put_capture_header(std::span<std::uint8_t> into);
std::size_t put_frame_record(const LiveFrame& frame, std::span<std::uint8_t> into);

}  // namespace davy::network

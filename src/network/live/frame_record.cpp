#include "network/live/frame_record.h"

#include <algorithm>
#include <cstring>

namespace davy::network {
namespace {

constexpr std::uint32_t kPcapNano = 0xa1b23c4d, kVersion = 4U << 16 | 2U, kSnapBytes = 16U << 20, kEthernet = 1;
constexpr std::size_t kAddressesBytes = 12, kLinkBytes = 14, kTagBytes = 4, kRecordBytes = 16;

// Writes from the front of a place that is known to be large enough.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> into) : into_(into) {}

  void native32(std::uint32_t value) {  // in this machine's byte order, which the capture's first bytes tell
    std::memcpy(into_.data() + at_, &value, sizeof value);
    at_ += sizeof value;
  }
  void network16(std::uint16_t value) {
    into_[at_++] = static_cast<std::uint8_t>(value >> 8);
    into_[at_++] = static_cast<std::uint8_t>(value);
  }
  void bytes(ByteView value) {
    if (!value.empty()) std::memcpy(into_.data() + at_, value.data(), value.size());
    at_ += value.size();
  }
  void zeros(std::size_t count) {
    std::fill_n(into_.begin() + static_cast<std::ptrdiff_t>(at_), count, std::uint8_t{0});
    at_ += count;
  }
  std::size_t written() const { return at_; }

 private:
  std::span<std::uint8_t> into_;
  std::size_t at_ = 0;
};

// What is put in: the whole link layer, or the tag, or nothing.
std::size_t added_bytes(const LiveFrame& frame, bool tagged) {
  return (frame.ether_type != 0 ? kLinkBytes : 0) + (tagged ? kTagBytes : 0);
}

}  // namespace

std::size_t put_capture_header(std::span<std::uint8_t> into) {
  if (into.size() < kCaptureHeaderBytes) return 0;
  Writer out(into);
  out.native32(kPcapNano), out.native32(kVersion), out.zeros(8), out.native32(kSnapBytes), out.native32(kEthernet);
  return out.written();
}

std::size_t put_frame_record(const LiveFrame& frame, std::span<std::uint8_t> into) {
  const bool has_link = frame.ether_type == 0;
  const bool tagged = frame.tag && (!has_link || frame.bytes.size() >= kAddressesBytes);
  const std::size_t added = added_bytes(frame, tagged), kept = frame.bytes.size() + added;
  if (into.size() < kRecordBytes || into.size() - kRecordBytes < kept) return 0;
  const std::int64_t ns = std::max<std::int64_t>(frame.at.nanoseconds, 0);
  Writer out(into);
  out.native32(static_cast<std::uint32_t>(ns / 1'000'000'000));
  out.native32(static_cast<std::uint32_t>(ns % 1'000'000'000));
  out.native32(static_cast<std::uint32_t>(kept));
  out.native32(static_cast<std::uint32_t>(std::max<std::size_t>(frame.original_bytes, frame.bytes.size()) + added));
  ByteView rest = frame.bytes;
  if (!has_link) {
    out.zeros(kAddressesBytes);
  } else if (tagged) {
    out.bytes(rest.first(kAddressesBytes));
    rest = rest.subspan(kAddressesBytes);
  }
  if (tagged) out.network16(frame.tag->protocol), out.network16(frame.tag->control);
  if (!has_link) out.network16(frame.ether_type);
  out.bytes(rest);
  return out.written();
}

}  // namespace davy::network

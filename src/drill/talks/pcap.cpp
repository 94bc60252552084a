#include "drill/talks/pcap.h"

#include <algorithm>
#include <array>

namespace davy::drill {
namespace {

constexpr std::uint32_t kBeginSeconds = 1'750'000'000;
constexpr std::uint16_t kClientPort = 40'512;
constexpr std::uint16_t kServerPort = 3'333;
constexpr std::uint8_t kFin = 1, kSyn = 2, kPush = 8, kAck = 16;

void add_big(Bytes& out, std::uint32_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void add_little(Bytes& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// The Internet checksum (RFC 1071) over bytes and what was summed before.
std::uint16_t checksum(ByteView bytes, std::uint32_t sum) {
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8U : bytes[i];
  while (sum > 0xFFFFU) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

void put_big16(Bytes& out, std::size_t at, std::uint16_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8U), out[at + 1] = static_cast<std::uint8_t>(value);
}

class Capture {
 public:
  Capture() {
    add_little(out_, 0xA1B2C3D4, 4), add_little(out_, 2, 2), add_little(out_, 4, 2);
    add_little(out_, 0, 4), add_little(out_, 0, 4), add_little(out_, 65'535, 4), add_little(out_, 1, 4);
  }

  void segment(bool client, std::uint64_t at_us, std::uint8_t flags, std::string_view payload) {
    const Bytes frame = build(client, flags, payload);
    add_little(out_, kBeginSeconds + static_cast<std::uint32_t>(at_us / 1'000'000U), 4);
    add_little(out_, static_cast<std::uint32_t>(at_us % 1'000'000U), 4);
    add_little(out_, static_cast<std::uint32_t>(frame.size()), 4);
    add_little(out_, static_cast<std::uint32_t>(frame.size()), 4);
    out_.insert(out_.end(), frame.begin(), frame.end());
    next_[client ? 0 : 1] += static_cast<std::uint32_t>(payload.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
  }

  Bytes bytes() && { return std::move(out_); }

 private:
  Bytes build(bool client, std::uint8_t flags, std::string_view payload) const {
    constexpr std::uint32_t kClient = 0xC0000211, kServer = 0xC6336414;  // 192.0.2.17, 198.51.100.20
    Bytes ip;
    add_big(ip, 0x4500, 2), add_big(ip, static_cast<std::uint32_t>(40 + payload.size()), 2);
    add_big(ip, 0x00004000, 4), add_big(ip, 0x4006, 2), add_big(ip, 0, 2);
    add_big(ip, client ? kClient : kServer, 4), add_big(ip, client ? kServer : kClient, 4);
    put_big16(ip, 10, checksum(ip, 0));
    Bytes tcp;
    add_big(tcp, client ? kClientPort : kServerPort, 2), add_big(tcp, client ? kServerPort : kClientPort, 2);
    add_big(tcp, next_[client ? 0 : 1], 4), add_big(tcp, (flags & kAck) != 0 ? next_[client ? 1 : 0] : 0, 4);
    add_big(tcp, 0x5000U | flags, 2), add_big(tcp, 0xFFFF, 2), add_big(tcp, 0, 4);
    tcp.insert(tcp.end(), payload.begin(), payload.end());
    const auto pseudo = (kClient >> 16U) + (kClient & 0xFFFFU) + (kServer >> 16U) + (kServer & 0xFFFFU) + 6U +
                        static_cast<std::uint32_t>(tcp.size());
    put_big16(tcp, 16, checksum(tcp, pseudo));
    Bytes frame{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0};
    frame.insert(frame.end(), ip.begin(), ip.end());
    frame.insert(frame.end(), tcp.begin(), tcp.end());
    return frame;
  }

  Bytes out_;
  std::array<std::uint32_t, 2> next_{1'000'000, 9'000'000};
};

void add_turn(Capture& capture, const Turn& turn, std::size_t segment_bytes) {
  const std::string_view bytes = turn.bytes;
  for (std::size_t at = 0; at < bytes.size(); at += segment_bytes)
    capture.segment(turn.client, turn.at_ms * 1'000U + at, kPush | kAck, bytes.substr(at, segment_bytes));
}

}  // namespace

Bytes write_pcap(const std::vector<Turn>& turns, const TalkChoice& choice) {
  Capture capture;
  if (!choice.midstream) {
    capture.segment(true, 0, kSyn, {});
    capture.segment(false, 200, kSyn | kAck, {});
    capture.segment(true, 400, kAck, {});
  }
  const std::size_t segment_bytes = choice.split_bytes == 0 ? kSegmentBytesMax : choice.split_bytes;
  for (const Turn& turn : turns) add_turn(capture, turn, std::min(segment_bytes, kSegmentBytesMax));
  const std::uint64_t end_us = (turns.empty() ? 0 : turns.back().at_ms + 100) * 1'000U;
  capture.segment(true, end_us, kFin | kAck, {});
  capture.segment(false, end_us + 200, kFin | kAck, {});
  capture.segment(true, end_us + 400, kAck, {});
  return std::move(capture).bytes();
}

}  // namespace davy::drill

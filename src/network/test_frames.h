// Frames for tests: an exchange between two ends, written as bytes of Ethernet, IP and TCP. Tests only.
#pragma once

#include <string_view>

#include "network/packet.h"

namespace davy::network::test {

inline void put16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8)), out.push_back(static_cast<std::uint8_t>(value));
}
inline void put32(Bytes& out, std::uint32_t value) { put16(out, value >> 16), put16(out, value & 0xffff); }

struct End {
  std::uint8_t host = 1;  // 10.0.0.host
  std::uint16_t port = 0;
};

inline Bytes tcp_segment(const End& from, const End& to, std::uint32_t sequence, std::uint32_t acknowledged,
                         std::uint8_t flags, std::string_view payload) {
  Bytes out;
  put16(out, from.port), put16(out, to.port), put32(out, sequence), put32(out, acknowledged);
  out.push_back(0x50), out.push_back(flags), put16(out, 65'535), put32(out, 0);
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

inline Bytes udp_datagram(const End& from, const End& to, std::string_view payload) {
  Bytes out;
  put16(out, from.port), put16(out, to.port), put16(out, static_cast<std::uint32_t>(8 + payload.size())), put16(out, 0);
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

// `fragment` is the field of flags and offset in units of eight bytes.
inline Bytes ipv4(const End& from, const End& to, std::uint8_t protocol, ByteView payload, std::uint16_t fragment = 0) {
  Bytes out = {0x45, 0};
  put16(out, static_cast<std::uint32_t>(20 + payload.size())), put16(out, 7), put16(out, fragment);
  out.push_back(64), out.push_back(protocol), put16(out, 0);
  for (const End& end : {from, to}) out.insert(out.end(), {10, 0, 0, end.host});
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

inline Bytes ethernet(std::uint16_t type, ByteView payload) {
  Bytes out = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
  put16(out, type);
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

inline Frame frame_of(const Bytes& bytes, std::int64_t ns = 1, std::uint32_t link_type = 1) {
  return {.at = {ns},
          .link_type = link_type,
          .original_bytes = static_cast<std::uint32_t>(bytes.size()),
          .bytes = ByteView(bytes)};
}

// A TCP connection, step by step: what each side says, as frames handed to a sink.
class TcpTalk {
 public:
  TcpTalk(End client, End server) : ends_{client, server} {}

  template <class Sink>
  void handshake(Sink&& sink) {
    send(sink, 0, kSyn, ""), ++next_[0];
    send(sink, 1, kSyn | kAck, ""), ++next_[1];
    send(sink, 0, kAck, "");
  }
  template <class Sink>
  void say(Sink&& sink, int side, std::string_view text) {
    send(sink, side, kPsh | kAck, text);
    next_[side] += static_cast<std::uint32_t>(text.size());
  }
  template <class Sink>
  void close(Sink&& sink) {
    send(sink, 0, kFin | kAck, ""), send(sink, 1, kFin | kAck, "");
  }
  void pass(std::int64_t ns) { now_ += ns; }

 private:
  template <class Sink>
  void send(Sink&& sink, int side, int flags, std::string_view text) {
    const Bytes segment =
        tcp_segment(ends_[side], ends_[1 - side], next_[side], next_[1 - side], static_cast<std::uint8_t>(flags), text);
    const Bytes bytes = ethernet(0x0800, ipv4(ends_[side], ends_[1 - side], kTcp, segment));
    now_ += 1'000'000;
    sink(frame_of(bytes, now_));
  }

  End ends_[2];
  std::uint32_t next_[2] = {1'000, 4'000'000'000};
  std::int64_t now_ = 1'767'000'000'000'000'000;
};

}  // namespace davy::network::test

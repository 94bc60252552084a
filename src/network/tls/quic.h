// The beginning of a QUIC connection: the client's Initial packets are sealed with keys that anybody can derive (RFC
// 9001 5.2), so that the name it asks for stands as open as in TLS.
//
// Versions 1 and 2 (RFC 9369) and draft 29. A ClientHello may be spread over frames, packets and datagrams in any
// order. Not thread-safe; one object a flow. Limits: kQuicHelloBytesMax of handshake, kQuicDatagramsMax datagrams; a
// packet that does not open is counted. Memory: the handshake until it is read.
//
//   QuicReader reader;
//   reader.feed(datagram_of_client);
//   if (reader.hello()) report(reader.hello()->server_name, ja4_of(*reader.hello(), 'q'));
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "network/tls/tls_hello.h"

namespace davy::network {

inline constexpr std::size_t kQuicHelloBytesMax = 16U << 10;
inline constexpr std::uint32_t kQuicDatagramsMax = 16;
inline constexpr std::uint32_t kQuicVersion1 = 1, kQuicVersion2 = 0x6b3343cf;

struct QuicKeys {
  std::array<std::uint8_t, 16> key{}, header{};
  std::array<std::uint8_t, 12> iv{};
};
// Those of the client's Initial packets; nothing for a version that is not known.
std::optional<QuicKeys> quic_client_keys(std::uint32_t version, ByteView destination_id);

class QuicReader {
 public:
  // The payload of one UDP datagram of the client. False when it is no QUIC that could be read.
  bool feed(ByteView datagram);

  const std::optional<ClientHello>& hello() const { return hello_; }
  std::uint32_t version() const { return version_; }
  // Nothing that follows will be looked at.
  bool done() const { return hello_.has_value() || datagrams_ >= kQuicDatagramsMax; }
  std::uint64_t skipped() const { return skipped_; }  // Initial packets that did not open

 private:
  bool read_packet(ByteView& datagram);
  std::optional<Bytes> open(ByteView packet, std::size_t number_at, ByteView destination_id);
  void read_frames(ByteView frames);
  void take_crypto(std::uint64_t offset, ByteView data);
  void read_hello();

  std::optional<QuicKeys> keys_;
  std::optional<ClientHello> hello_;
  std::uint32_t version_ = 0, datagrams_ = 0;
  std::uint64_t skipped_ = 0;
  Bytes handshake_;
  std::vector<std::pair<std::size_t, std::size_t>> have_;  // ranges of it, sorted and apart
};

}  // namespace davy::network

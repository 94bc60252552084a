// TLS as it passes by: its records, and what both hellos and the certificate say in clear.
//
// feed() takes the bytes of each side in order, in any pieces. Of each record of application data the size is given at
// once, as soon as its header has come; in TLS 1.3, where handshake records look the same, those of the server before
// the client's first and that first one (its Finished) are left out; tickets that follow cannot be told apart. Behind
// a gap, or when joined in mid-record, it looks for the next place where record headers follow one on the other.
// Not thread-safe. Memory: at most kHandshakeBytesMax a side until the handshake is read, a few hundred bytes after.
//
//   TlsReader reader;
//   reader.feed(Side::client, bytes, at, [&](const TlsRecord& record) { cycle.see(record...); });
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "mining/dialect.h"
#include "network/tls/tls_hello.h"

namespace davy::network {

inline constexpr std::size_t kHandshakeBytesMax = 64U << 10;

struct TlsFacts {
  bool has_client_hello = false;
  bool has_server_hello = false;
  std::string server_name;    // empty without one
  ClientHello client_hello;   // without that name; for fingerprints, which cost too much to be made of every one
  std::uint16_t version = 0;  // as negotiated, 0 when no ServerHello was seen
  std::uint16_t cipher = 0;
  std::vector<std::string> certificate_names;  // of the server, TLS 1.2 and before

  // Bytes that a record adds to its plaintext, header included; 0 when unknown (block ciphers round, and no cipher is
  // known when the capture joined late).
  std::size_t record_overhead() const;
};

struct TlsRecord {
  mining::Side side = mining::Side::client;
  std::uint32_t bytes = 0;  // on the wire, with the five of its header
  Timestamp at;             // of the bytes that completed the header
};

class TlsReader {
 public:
  using Seen = std::function<void(const TlsRecord&)>;

  void feed(mining::Side side, ByteView bytes, Timestamp at, const Seen& seen);
  void lost(mining::Side side, std::uint64_t bytes);

  const TlsFacts& facts() const { return facts_; }
  std::uint64_t skipped() const { return skipped_; }  // times out of step, and messages over a limit

 private:
  static constexpr std::size_t kHeaderBytes = 5;

  struct Stream {
    std::array<std::uint8_t, kHeaderBytes> header{};
    std::size_t header_bytes = 0;
    std::uint32_t left = 0;  // of the record's body
    bool handshake = false;  // this record is one, in clear
    bool done = false;       // nothing more of the handshake is of interest
    bool out_of_step = false;
    std::uint32_t application = 0;  // records, handshake ones included
    Bytes messages;                 // not complete yet
  };

  void read_header(Stream& stream, mining::Side side, ByteView& bytes, Timestamp at, const Seen& seen);
  void open_record(Stream& stream, mining::Side side, Timestamp at, const Seen& seen);
  void take_handshake(Stream& stream, mining::Side side, ByteView part);
  void take_message(Stream& stream, mining::Side side, std::uint8_t type, ByteView body);
  void take_client_hello(ByteView body);
  void end_handshake(Stream& stream);
  void fall_out(Stream& stream);
  bool is_handshake(const Stream& stream, mining::Side side) const;

  std::array<Stream, 2> streams_;
  TlsFacts facts_;
  std::uint64_t skipped_ = 0;
};

}  // namespace davy::network

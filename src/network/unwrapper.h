// From the bytes of one connection to the messages in it, whatever they are wrapped in: lines of JSON, HTTP with its
// chunks, WebSocket frames, an HTTP CONNECT or SOCKS proxy before any of these, or TLS.
//
// feed() takes the bytes of each side in order, as they arrive: a message may come in many pieces and one piece may
// hold many messages; the server may speak first; the capture may join in mid-stream. lost() says that bytes are
// missing; the unwrapper looks for the next place where a message can begin. What it finds goes to the sink at once;
// nothing is stored but an unfinished message. Not thread-safe. Limits: kMessageBytesMax a message, kHttpHeadBytesMax a
// head; what is longer is skipped and counted. Foreign bytes: fuzzed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "mining/dialect.h"

namespace davy::network {

inline constexpr std::size_t kMessageBytesMax = 64U << 10;  // 5,600 digits of Equihash fit, and block templates mostly
inline constexpr std::size_t kHttpHeadBytesMax = 16U << 10;
inline constexpr int kTunnelDepthMax = 3;  // CONNECT in SOCKS in CONNECT

// What the bytes of a connection are, by their beginning.
enum class Wrapping : std::uint8_t { unknown, json_lines, http, websocket, tls, text_lines, binary };

// A proxy that the client asked to go on to somewhere.
struct Tunnel {
  std::string kind;  // "connect", "socks4", "socks5"
  std::string host;
  std::uint16_t port = 0;
};

// Where the unwrapper puts what it finds. References are valid during the call only.
class UnwrapSink {
 public:
  virtual ~UnwrapSink() = default;
  virtual void message(const mining::Message& message) = 0;
  // Bytes that are neither JSON nor HTTP nor TLS, and lines of text.
  virtual void bytes(mining::Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) = 0;
  // Bytes of a TLS connection, record headers included.
  virtual void tls(mining::Side side, ByteView bytes, Timestamp at) = 0;
  virtual void tunnel(const Tunnel& tunnel) = 0;
};

class Unwrapper {
 public:
  explicit Unwrapper(UnwrapSink& sink);
  ~Unwrapper();

  void feed(mining::Side side, ByteView bytes, Timestamp at);
  void lost(mining::Side side, std::uint64_t bytes);

  Wrapping wrapping() const;  // innermost
  // TLS from the first byte, so that all that follows would go to UnwrapSink::tls() as it is.
  bool wraps_nothing() const;
  std::uint64_t skipped() const;  // messages over a limit, or damaged

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace davy::network

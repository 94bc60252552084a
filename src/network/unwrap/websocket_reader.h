// WebSocket frames of both sides (RFC 6455, with permessage-deflate of RFC 7692), joined into their messages.
//
// Text or binary that is JSON becomes messages, one value after the other; anything else goes to the sink as bytes,
// counted from the first of its side. Control frames may stand between the fragments of a message. An inflater that
// keeps its window reads senders that keep theirs and senders that do not. Limits: kInflatedBytesMax a message; a
// message behind a gap in a compressed stream is counted and passed over. Memory: one unfinished JSON value a side, and
// 40 KiB a side that compresses.
#pragma once

#include <array>
#include <memory>

#include "network/unwrap/inflater.h"
#include "network/unwrap/json_framer.h"
#include "network/unwrap/reader.h"

namespace davy::network {

inline constexpr std::size_t kInflatedBytesMax = 1U << 20;

class WebSocketReader final : public Reader {
 public:
  explicit WebSocketReader(Output& out) : out_(out) {}
  std::size_t feed(const Piece& piece) override;
  void lost(mining::Side side, std::uint64_t bytes) override;

 private:
  static constexpr std::size_t kHeaderBytesMax = 14;
  enum class Content : std::uint8_t { undecided, json, bytes };

  struct Stream {
    std::array<std::uint8_t, kHeaderBytesMax> header{};
    std::size_t header_bytes = 0;
    bool in_payload = false, out_of_step = false;
    bool final = false, control = false;                        // of this frame
    bool compressed = false, text = false, unreadable = false;  // of this message
    std::uint64_t left = 0;                                     // of the payload
    std::array<std::uint8_t, 4> mask{};
    std::size_t mask_at = 0;
    Content content = Content::undecided;
    JsonFramer framer;
    std::unique_ptr<Inflater> inflater;
    std::uint64_t offset = 0;  // of bytes given to the sink
    bool message_start = true;
  };

  void read_header(Stream& stream, mining::Side side, ByteView& bytes);
  bool open_frame(Stream& stream, mining::Side side);
  void open_message(Stream& stream, std::uint8_t flags);
  void read_payload(Stream& stream, const Piece& piece, ByteView& bytes);
  void take(Stream& stream, const Piece& piece, ByteView plain);
  void give(Stream& stream, const Piece& piece, ByteView plain);
  void close_frame(Stream& stream, const Piece& piece);

  Output& out_;
  std::array<Stream, 2> streams_;
};

}  // namespace davy::network

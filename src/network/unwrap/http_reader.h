// HTTP/1.x on both sides of a connection: requests and replies, each reply with the request that it answers.
//
// Reads keep-alive, pipelined requests, Content-Length, chunks, bodies until close, replies without a body (HEAD, 1xx,
// 204, 304). After a CONNECT, or an Upgrade, both sides are open for what is inside; a client that does not wait for
// the answer is open once it sends what is no HTTP. Limits: kHttpHeadBytesMax a head, kRequestsWaitingMax requests
// that wait for their replies; what is over is counted. Not thread-safe.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "network/unwrap/http_body.h"
#include "network/unwrap/reader.h"

namespace davy::network {

inline constexpr std::size_t kRequestsWaitingMax = 64;

class HttpReader final : public Reader {
 public:
  explicit HttpReader(Output& out);
  std::size_t feed(const Piece& piece) override;
  void lost(mining::Side side, std::uint64_t bytes) override;
  bool open(mining::Side side) const override { return streams_[index(side)].part == Part::open; }
  Inside inside() const override { return inside_; }

 private:
  enum class Part : std::uint8_t {
    head,
    length,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    until_close,
    seeking,
    waiting,
    open
  };

  struct Stream {
    Stream(Output& out, mining::Side side) : body(out, side) {}
    Part part = Part::head;
    std::string line;  // of a head, or of a chunk, not complete yet
    std::uint64_t left = 0;
    bool blank_line = false;  // the last line that was read is empty
    HttpBody body;
  };
  struct Waiting {
    mining::HttpExchange exchange;
    bool upgrade = false;
  };

  void step(Stream& stream, const Piece& piece, ByteView& bytes);
  void read_head(Stream& stream, const Piece& piece, ByteView& bytes);
  void take_head(Stream& stream, const Piece& piece);
  void take_request(Stream& stream, HttpHead head, Timestamp at);
  void take_reply(Stream& stream, HttpHead head, Timestamp at);
  void open_body(Stream& stream, HttpHead head, bool until_close, Timestamp at);
  void read_body(Stream& stream, Timestamp at, ByteView& bytes);
  void read_line(Stream& stream, Timestamp at, ByteView& bytes);
  void take_line(Stream& stream, Timestamp at);
  void finish(Stream& stream, Timestamp at);
  void switch_protocols(const HttpHead& head, bool tunnel);
  void release_client();
  Waiting next_waiting();
  bool resumes(const Stream& stream, const Piece& piece) const;

  Output& out_;
  std::array<Stream, 2> streams_;
  std::vector<Waiting> waiting_;  // the oldest first
  std::uint64_t not_kept_ = 0;    // requests behind waiting_ that were over the limit
  Inside inside_ = Inside::undecided;
};

}  // namespace davy::network

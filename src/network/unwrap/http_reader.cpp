#include "network/unwrap/http_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "network/unwrap/guess.h"
#include "network/unwrap/text.h"

namespace davy::network {
namespace {

using mining::Side;

constexpr std::size_t kLineBytesMax = 1'024;  // of a chunk's size or trailer
constexpr int kContinue = 100, kSwitching = 101, kOk = 200, kNoContent = 204, kRedirect = 300, kNotModified = 304;

// Whether the head ends here: an empty line, with bare newlines allowed.
bool ends_head(std::string_view head) { return head.ends_with("\n\r\n") || head.ends_with("\n\n"); }

}  // namespace

HttpReader::HttpReader(Output& out) : out_(out), streams_{Stream(out, Side::client), Stream(out, Side::server)} {}

std::size_t HttpReader::feed(const Piece& piece) {
  Stream& stream = streams_[index(piece.side)];
  ByteView bytes = piece.bytes;
  if (resumes(stream, piece)) stream.part = Part::head;
  if (stream.part == Part::waiting) stream.part = begins_http(as_text(bytes)) ? Part::head : Part::open;
  while (!bytes.empty() && stream.part != Part::open) step(stream, piece, bytes);
  return piece.bytes.size() - bytes.size();
}

// Out of step, or in a body without an end: a packet that begins like a head is one.
bool HttpReader::resumes(const Stream& stream, const Piece& piece) const {
  if (!piece.packet_start || (stream.part != Part::seeking && stream.part != Part::until_close)) return false;
  const Guess what = guess(piece.side, piece.bytes, false);
  return what == Guess::http;
}

void HttpReader::step(Stream& stream, const Piece& piece, ByteView& bytes) {
  switch (stream.part) {
    case Part::head: return read_head(stream, piece, bytes);
    case Part::chunk_size:
    case Part::chunk_end:
    case Part::trailer: return read_line(stream, piece.at, bytes);
    case Part::waiting: stream.part = Part::head; return;
    case Part::seeking: bytes = {}; return;
    default: return read_body(stream, piece.at, bytes);
  }
}

void HttpReader::read_head(Stream& stream, const Piece& piece, ByteView& bytes) {
  if (stream.line.empty())
    while (!bytes.empty() && (bytes[0] == '\r' || bytes[0] == '\n')) bytes = bytes.subspan(1);
  while (!bytes.empty()) {
    const std::string_view text = as_text(bytes);
    const std::size_t newline = text.find('\n');
    const std::string_view part = text.substr(0, newline == std::string_view::npos ? text.size() : newline + 1);
    const bool first = stream.line.find('\n') == std::string::npos;
    stream.line.append(part.substr(0, kHttpHeadBytesMax + 1 - std::min(kHttpHeadBytesMax, stream.line.size())));
    bytes = bytes.subspan(part.size());
    const bool wrong = first && !begins_http(stream.line);
    if (wrong || stream.line.size() > kHttpHeadBytesMax) {
      std::string().swap(stream.line);
      ++out_.skipped;
      stream.part = Part::seeking;
      return;
    }
    if (ends_head(stream.line)) return take_head(stream, piece);
  }
}

void HttpReader::take_head(Stream& stream, const Piece& piece) {
  auto head = parse_http_head(std::exchange(stream.line, {}));
  if (!head || head->request != (piece.side == Side::client)) {
    ++out_.skipped;
    stream.part = Part::seeking;
    return;
  }
  if (head->request) take_request(stream, std::move(*head), piece.at);
  else take_reply(stream, std::move(*head), piece.at);
}

void HttpReader::take_request(Stream& stream, HttpHead head, Timestamp at) {
  if (waiting_.size() < kRequestsWaitingMax && not_kept_ == 0) waiting_.push_back({head.exchange, head.websocket});
  else ++not_kept_;
  if (head.exchange.method == "CONNECT") {
    const Authority to = parse_authority(head.exchange.target);
    out_.sink.tunnel({"connect", std::string(to.host), to.port});
    stream.part = Part::waiting;
    return;
  }
  const bool websocket = head.websocket;
  open_body(stream, std::move(head), false, at);
  if (websocket && stream.part == Part::head) stream.part = Part::waiting;
}

HttpReader::Waiting HttpReader::next_waiting() {
  if (waiting_.empty()) {
    not_kept_ -= std::min<std::uint64_t>(not_kept_, 1);
    return {};
  }
  Waiting out = std::move(waiting_.front());
  waiting_.erase(waiting_.begin());
  return out;
}

void HttpReader::take_reply(Stream& stream, HttpHead head, Timestamp at) {
  const int status = head.exchange.status;
  if (status >= kContinue && status < kOk && status != kSwitching) {
    stream.part = Part::head;
    return;
  }
  Waiting asked = next_waiting();
  const bool tunnel = asked.exchange.method == "CONNECT" && status < kRedirect;
  if (tunnel || status == kSwitching) return switch_protocols(head, tunnel);
  if (asked.upgrade || asked.exchange.method == "CONNECT") release_client();
  const bool empty = asked.exchange.method == "HEAD" || status == kNoContent || status == kNotModified;
  if (empty) head.content_length = 0, head.chunked = false;
  asked.exchange.mining_header |= head.exchange.mining_header;
  asked.exchange.status = status, asked.exchange.realm = std::move(head.exchange.realm);
  head.exchange = std::move(asked.exchange);
  open_body(stream, std::move(head), true, at);
}

// The answer lets both sides through.
void HttpReader::switch_protocols(const HttpHead& head, bool tunnel) {
  if (!tunnel) inside_ = head.websocket ? Inside::websocket : Inside::raw;
  for (Stream& stream : streams_) stream.part = Part::open;
}

// Refused: the client goes on with HTTP.
void HttpReader::release_client() {
  Stream& client = streams_[index(Side::client)];
  if (client.part == Part::waiting) client.part = Part::head;
}

void HttpReader::open_body(Stream& stream, HttpHead head, bool until_close, Timestamp at) {
  stream.body.begin(head, std::move(head.exchange));
  stream.left = head.content_length.value_or(0);
  if (head.chunked) stream.part = Part::chunk_size;
  else if (stream.left > 0) stream.part = Part::length;
  else if (until_close && !head.content_length) stream.part = Part::until_close;
  else finish(stream, at);
}

void HttpReader::finish(Stream& stream, Timestamp at) {
  stream.body.end(at);
  stream.part = Part::head;
}

void HttpReader::read_body(Stream& stream, Timestamp at, ByteView& bytes) {
  const bool endless = stream.part == Part::until_close;
  const std::size_t size = endless ? bytes.size() : std::min<std::uint64_t>(bytes.size(), stream.left);
  stream.body.feed(bytes.first(size), at);
  bytes = bytes.subspan(size);
  if (endless) return;
  stream.left -= size;
  if (stream.left > 0) return;
  if (stream.part == Part::chunk) stream.part = Part::chunk_end;
  else finish(stream, at);
}

void HttpReader::read_line(Stream& stream, Timestamp at, ByteView& bytes) {
  const std::string_view text = as_text(bytes);
  const std::size_t newline = text.find('\n');
  const std::string_view part = text.substr(0, newline == std::string_view::npos ? text.size() : newline + 1);
  stream.line.append(part.substr(0, kLineBytesMax));
  bytes = bytes.subspan(part.size());
  if (stream.line.size() > kLineBytesMax) {
    ++out_.skipped;
    stream.line.clear();
    stream.part = Part::seeking;
  } else if (newline != std::string_view::npos) {
    take_line(stream, at);
    stream.line.clear();
  }
}

// The line behind a chunk, the size of a chunk with its extensions, or a trailer: the last ends with an empty line.
void HttpReader::take_line(Stream& stream, Timestamp at) {
  const std::string_view line = trimmed(std::string_view(stream.line).substr(0, stream.line.size() - 1));
  if (stream.part == Part::chunk_end) {
    stream.part = line.empty() ? Part::chunk_size : Part::seeking;
  } else if (stream.part == Part::trailer) {
    if (line.empty()) finish(stream, at);
  } else {
    const std::string_view digits = trimmed(line.substr(0, line.find(';')));
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), stream.left, 16);
    const bool good = error == std::errc() && end == digits.data() + digits.size();
    stream.part = !good ? Part::seeking : stream.left == 0 ? Part::trailer : Part::chunk;
  }
  if (stream.part == Part::seeking) ++out_.skipped, stream.body.damage();
}

void HttpReader::lost(Side side, std::uint64_t bytes) {
  Stream& stream = streams_[index(side)];
  if (stream.part == Part::open || stream.part == Part::seeking) return;
  ++out_.skipped;
  stream.line.clear();
  stream.body.damage();
  const bool within = (stream.part == Part::length || stream.part == Part::chunk) && bytes < stream.left;
  if (within) stream.left -= bytes;
  else if (stream.part == Part::waiting) stream.part = Part::open;
  else if (stream.part != Part::until_close) stream.part = Part::seeking;
  if (!within) waiting_.clear(), not_kept_ = 0;
}

}  // namespace davy::network

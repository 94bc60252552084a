#include "network/unwrap/websocket_reader.h"

#include <algorithm>

namespace davy::network {
namespace {

using mining::Side;

constexpr std::uint8_t kFinal = 0x80, kCompressed = 0x40, kReserved = 0x30, kOpcode = 0x0f, kMasked = 0x80;
constexpr std::uint8_t kContinuation = 0, kText = 1, kControl = 8, kLastOpcode = 10;
constexpr std::size_t kChunk = 2'048;
constexpr std::size_t kControlBytesMax = 125;
constexpr std::array<std::uint8_t, 4> kFlushEnd = {0, 0, 0xff, 0xff};  // what a compressing sender leaves off

bool valid_first(std::uint8_t first) {
  const std::uint8_t opcode = first & kOpcode;
  return (first & kReserved) == 0 && opcode <= kLastOpcode && (opcode <= 2 || opcode >= kControl) &&
         !(opcode >= kControl && (first & (kFinal | kCompressed)) != kFinal);
}

// Bytes of a frame's header, by its second byte.
std::size_t header_length(std::uint8_t second) {
  const unsigned length = second & 0x7fU;
  return 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + ((second & kMasked) != 0 ? 4U : 0U);
}

std::uint64_t payload_length(ByteView header) {
  const unsigned length = header[1] & 0x7fU;
  if (length == 126) return read_u16_be(header, 2).value_or(0);
  if (length < 126) return length;
  return std::uint64_t{read_u32_be(header, 2).value_or(0)} << 32U | read_u32_be(header, 6).value_or(0);
}

// A packet in which frames follow one on the other to its very end, or whose first one begins like JSON.
bool begins_frame(Side side, ByteView bytes) {
  for (bool any = false;; any = true) {
    if (bytes.empty()) return any;
    if (bytes.size() < 2 || !valid_first(bytes[0]) || ((bytes[1] & kMasked) != 0) != (side == Side::client))
      return false;
    const std::size_t header = header_length(bytes[1]);
    if (bytes.size() < header) return any;
    const std::uint64_t payload = payload_length(bytes);
    if (payload > bytes.size() - header) return any;
    bytes = bytes.subspan(header + static_cast<std::size_t>(payload));
  }
}

}  // namespace

std::size_t WebSocketReader::feed(const Piece& piece) {
  Stream& stream = streams_[index(piece.side)];
  ByteView bytes = piece.bytes;
  if (stream.out_of_step && piece.packet_start && begins_frame(piece.side, bytes)) stream.out_of_step = false;
  while (!bytes.empty() && !stream.out_of_step) {
    if (stream.in_payload) read_payload(stream, piece, bytes);
    else read_header(stream, piece.side, bytes);
    if (stream.in_payload && stream.left == 0) close_frame(stream, piece);
  }
  return piece.bytes.size();
}

void WebSocketReader::read_header(Stream& stream, Side side, ByteView& bytes) {
  const std::size_t wanted = stream.header_bytes < 2 ? 2 : header_length(stream.header[1]);
  const std::size_t taken = std::min(wanted - stream.header_bytes, bytes.size());
  std::copy_n(bytes.begin(), taken, stream.header.begin() + static_cast<std::ptrdiff_t>(stream.header_bytes));
  stream.header_bytes += taken;
  bytes = bytes.subspan(taken);
  if (stream.header_bytes < 2 || stream.header_bytes < header_length(stream.header[1])) return;
  stream.header_bytes = 0;
  if (open_frame(stream, side)) return;
  stream.out_of_step = true;
  ++out_.skipped;
}

bool WebSocketReader::open_frame(Stream& stream, Side side) {
  const ByteView header(stream.header);
  const bool masked = (header[1] & kMasked) != 0;
  stream.left = payload_length(header);
  stream.control = (header[0] & kOpcode) >= kControl;
  if (!valid_first(header[0]) || masked != (side == Side::client)) return false;
  if ((stream.control && stream.left > kControlBytesMax) || stream.left >> 48U != 0) return false;
  const std::size_t mask_at = header_length(header[1]) - 4;
  stream.mask = {};
  if (masked) std::copy_n(header.begin() + static_cast<std::ptrdiff_t>(mask_at), 4, stream.mask.begin());
  stream.mask_at = 0;
  stream.in_payload = true;
  if (stream.control) return true;
  stream.final = (header[0] & kFinal) != 0;
  if ((header[0] & kOpcode) != kContinuation) open_message(stream, header[0]);
  return true;
}

void WebSocketReader::open_message(Stream& stream, std::uint8_t flags) {
  stream.text = (flags & kOpcode) == kText;
  stream.compressed = (flags & kCompressed) != 0;
  stream.message_start = true;
  stream.content = stream.framer.unfinished() ? Content::json : Content::undecided;
  stream.unreadable = false;
  if (!stream.compressed) return;
  if (!stream.inflater) stream.inflater = std::make_unique<Inflater>(Inflater::Format::raw, kInflatedBytesMax);
  stream.inflater->allow(kInflatedBytesMax);
}

void WebSocketReader::read_payload(Stream& stream, const Piece& piece, ByteView& bytes) {
  std::array<std::uint8_t, kChunk> plain;
  const std::size_t size = std::min<std::uint64_t>({kChunk, bytes.size(), stream.left});
  for (std::size_t i = 0; i < size; ++i) plain[i] = bytes[i] ^ stream.mask[(stream.mask_at + i) & 3U];
  stream.mask_at += size;
  stream.left -= size;
  bytes = bytes.subspan(size);
  if (!stream.control && !stream.unreadable) take(stream, piece, ByteView(plain).first(size));
}

void WebSocketReader::take(Stream& stream, const Piece& piece, ByteView plain) {
  if (!stream.compressed) return give(stream, piece, plain);
  if (stream.inflater->feed(plain, [&](ByteView out) { give(stream, piece, out); })) return;
  stream.unreadable = true;
  stream.framer.end();
  ++out_.skipped;
}

void WebSocketReader::give(Stream& stream, const Piece& piece, ByteView plain) {
  if (stream.content == Content::undecided) {
    const std::size_t first = as_text(plain).find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return;
    stream.content = plain[first] == '{' || plain[first] == '[' ? Content::json : Content::bytes;
  }
  if (stream.content == Content::bytes) {
    out_.sink.bytes(piece.side, plain, stream.offset, stream.message_start, piece.at);
    stream.offset += plain.size();
    stream.message_start = false;
    return;
  }
  const std::uint64_t before = stream.framer.skipped();
  stream.framer.feed(as_text(plain), false, [&](const Json& json) {
    out_.sink.message({.side = piece.side, .at = piece.at, .carrier = mining::Carrier::websocket, .json = &json});
  });
  out_.skipped += stream.framer.skipped() - before;
}

void WebSocketReader::close_frame(Stream& stream, const Piece& piece) {
  stream.in_payload = false;
  if (stream.control || !stream.final) return;
  if (stream.compressed && !stream.unreadable) take(stream, piece, kFlushEnd);
  if (stream.text) stream.framer.end();  // binary may carry a stream of lines, cut anywhere
}

void WebSocketReader::lost(Side side, std::uint64_t bytes) {
  Stream& stream = streams_[index(side)];
  const bool within = stream.in_payload && bytes <= stream.left;
  if (within) {
    stream.left -= bytes;
    stream.mask_at += static_cast<std::size_t>(bytes);
    stream.in_payload = stream.left > 0;
    if (stream.control) return;
  } else {
    stream.out_of_step = true;
    stream.in_payload = false;
    stream.header_bytes = 0;
  }
  stream.unreadable = true;
  stream.inflater.reset();  // a new one reads on, when the sender begins each message anew
  stream.framer.end();
  ++out_.skipped;
}

}  // namespace davy::network

#include "network/unwrap/stage.h"

#include <utility>

#include "network/unwrap/http_reader.h"
#include "network/unwrap/json_reader.h"
#include "network/unwrap/socks_reader.h"
#include "network/unwrap/tls_passer.h"
#include "network/unwrap/websocket_reader.h"

namespace davy::network {
namespace {

using mining::Side;

std::unique_ptr<Reader> create_reader(Guess what, Output& out) {
  switch (what) {
    case Guess::json: return std::make_unique<JsonReader>(out);
    case Guess::http: return std::make_unique<HttpReader>(out);
    case Guess::websocket: return std::make_unique<WebSocketReader>(out);
    case Guess::tls: return std::make_unique<TlsPasser>(out);
    case Guess::socks4: return std::make_unique<SocksReader>(out, 4);
    case Guess::socks5: return std::make_unique<SocksReader>(out, 5);
    default: return nullptr;
  }
}

Wrapping wrapping_of(Guess what) {
  switch (what) {
    case Guess::json: return Wrapping::json_lines;
    case Guess::http: return Wrapping::http;
    case Guess::websocket: return Wrapping::websocket;
    case Guess::tls: return Wrapping::tls;
    case Guess::text: return Wrapping::text_lines;
    case Guess::binary: return Wrapping::binary;
    default: return Wrapping::unknown;
  }
}

bool is_strong(Guess what) {
  return what == Guess::json || what == Guess::http || what == Guess::websocket || what == Guess::tls;
}

bool opens_object(char c) { return c == '"' || c == ' ' || c == '\t'; }

}  // namespace

Stage::Stage(Output& out, Inside inside, bool last) : out_(out), last_(last), settled_(inside == Inside::raw) {
  if (inside == Inside::websocket) choose(Guess::websocket);
  if (settled_) choose(Guess::binary);
}

void Stage::feed(Piece piece, const Next& next) {
  if (!std::exchange(seen_[index(piece.side)], true)) piece.packet_start = true;
  if (reader_) read(piece, next);
  else if (decided_) raw(piece, next);
  else decide(piece, next);
}

// What the bytes of this side are, those that are held before the piece.
Guess Stage::guess_of(const Piece& piece) {
  const bool first = !gap_[index(piece.side)];
  Bytes joined;
  for (const Held& held : held_)
    if (held.side == piece.side) joined.insert(joined.end(), held.bytes.begin(), held.bytes.end());
  if (joined.empty()) return guess(piece.side, piece.bytes, first);
  joined.insert(joined.end(), piece.bytes.begin(), piece.bytes.end());
  const Guess what = guess(piece.side, joined, first);
  return what == Guess::more && held_bytes_ + piece.bytes.size() > kHeldBytesMax ? Guess::binary : what;
}

void Stage::decide(const Piece& piece, const Next& next) {
  Guess what = guess_of(piece);
  if (what == Guess::more && piece.bytes.size() <= kHeldBytesMax) return hold(piece);
  if (what == Guess::more || (last_ && (what == Guess::socks4 || what == Guess::socks5))) what = Guess::binary;
  choose(what);
  replay(next);
  if (reader_) read(piece, next);
  else raw(piece, next);
}

void Stage::hold(const Piece& piece) {
  held_.push_back({piece.side, Bytes(piece.bytes.begin(), piece.bytes.end()), piece.at, piece.packet_start});
  held_bytes_ += piece.bytes.size();
}

void Stage::choose(Guess what) {
  decided_ = true;
  wrapping_ = wrapping_of(what);
  reader_ = create_reader(what, out_);
}

void Stage::replay(const Next& next) {
  const std::vector<Held> held = std::exchange(held_, {});
  held_bytes_ = 0;
  for (const Held& one : held) {
    const Piece piece{one.side, one.bytes, one.at, one.packet_start};
    if (reader_) read(piece, next);
    else raw(piece, next);
  }
}

void Stage::read(const Piece& piece, const Next& next) {
  if (reader_->tentative() && !reader_->open(piece.side)) hold(piece);
  const std::size_t used = reader_->open(piece.side) ? 0 : reader_->feed(piece);
  if (reader_->failed()) {
    choose(Guess::binary);
    return replay(next);
  }
  if (!reader_->tentative()) held_.clear(), held_bytes_ = 0;
  if (used == piece.bytes.size()) return;
  next({piece.side, piece.bytes.subspan(used), piece.at, piece.packet_start && used == 0});
}

void Stage::raw(const Piece& piece, const Next& next) {
  Raw& state = raw_[index(piece.side)];
  if (state.pieces < kRejoinPieces && rejoins(piece, next)) return;
  if (wrapping_ == Wrapping::text_lines && state.offset < kRejoinBytes && finds_line(piece, next)) return;
  give(piece);
}

void Stage::give(const Piece& piece) {
  Raw& state = raw_[index(piece.side)];
  if (piece.bytes.empty()) return;
  out_.sink.bytes(piece.side, piece.bytes, state.offset, piece.packet_start, piece.at);
  state.offset += piece.bytes.size();
}

bool Stage::rejoins(const Piece& piece, const Next& next) {
  ++raw_[index(piece.side)].pieces;
  if (!piece.packet_start || settled_) return false;
  const Guess what = guess(piece.side, piece.bytes, false);
  if (!is_strong(what)) return false;
  choose(what);
  read(piece, next);
  return true;
}

// A line that begins like an object, also when the packet ends behind its brace.
bool Stage::finds_line(const Piece& piece, const Next& next) {
  Raw& state = raw_[index(piece.side)];
  const std::string_view text = as_text(piece.bytes);
  if (std::exchange(state.brace, false) && opens_object(text[0])) {
    choose(Guess::json);
    read({piece.side, as_bytes("{"), piece.at, true}, next);
    read(piece, next);
    return true;
  }
  std::size_t at = state.line_start ? 0 : text.find('\n') + 1;
  for (; at < text.size() && (at > 0 || state.line_start); at = text.find('\n', at) + 1) {
    const Guess what =
        text[at] == '{' || text[at] == '[' ? guess(piece.side, piece.bytes.subspan(at), false) : Guess::text;
    if (what == Guess::json) {
      begin_json(piece, at, next);
      return true;
    }
    state.brace = what == Guess::more && text[at] == '{' && at + 1 == text.size();
    if (text.find('\n', at) == std::string_view::npos) break;
  }
  state.line_start = text.back() == '\n';
  return false;
}

void Stage::begin_json(Piece piece, std::size_t at, const Next& next) {
  give({piece.side, piece.bytes.first(at), piece.at, piece.packet_start});
  choose(Guess::json);
  read({piece.side, piece.bytes.subspan(at), piece.at, false}, next);
}

void Stage::lost(Side side, std::uint64_t bytes) {
  gap_[index(side)] = true;
  raw_[index(side)].offset += bytes;
  raw_[index(side)].line_start = raw_[index(side)].brace = false;
  if (reader_) return reader_->lost(side, bytes);
  if (decided_) return;
  std::erase_if(held_, [&](const Held& held) { return held.side == side; });
  held_bytes_ = 0;
  for (const Held& held : held_) held_bytes_ += held.bytes.size();
}

}  // namespace davy::network

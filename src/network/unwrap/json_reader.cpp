#include "network/unwrap/json_reader.h"

namespace davy::network {

std::size_t JsonReader::feed(const Piece& piece) {
  JsonFramer& framer = framers_[index(piece.side)];
  const std::uint64_t before = framer.skipped();
  framer.feed(as_text(piece.bytes), piece.packet_start, [&](const Json& json) {
    out_.sink.message({.side = piece.side, .at = piece.at, .carrier = mining::Carrier::line, .json = &json});
  });
  out_.skipped += framer.skipped() - before;
  return piece.bytes.size();
}

void JsonReader::lost(mining::Side side, std::uint64_t) {
  const std::uint64_t before = framers_[index(side)].skipped();
  framers_[index(side)].resynchronise();
  out_.skipped += framers_[index(side)].skipped() - before;
}

}  // namespace davy::network

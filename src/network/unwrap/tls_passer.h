// A connection that speaks TLS: its bytes go to the sink as they are.
#pragma once

#include "network/unwrap/reader.h"

namespace davy::network {

class TlsPasser final : public Reader {
 public:
  explicit TlsPasser(Output& out) : out_(out) {}
  std::size_t feed(const Piece& piece) override {
    out_.sink.tls(piece.side, piece.bytes, piece.at);
    return piece.bytes.size();
  }
  void lost(mining::Side, std::uint64_t) override {}

 private:
  Output& out_;
};

}  // namespace davy::network

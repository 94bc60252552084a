// Both sides of a connection that speaks JSON, one value after the other: JsonFramer for each, messages to the sink.
#pragma once

#include <array>

#include "network/unwrap/json_framer.h"
#include "network/unwrap/reader.h"

namespace davy::network {

class JsonReader final : public Reader {
 public:
  explicit JsonReader(Output& out) : out_(out) {}
  std::size_t feed(const Piece& piece) override;
  void lost(mining::Side side, std::uint64_t bytes) override;

 private:
  Output& out_;
  std::array<JsonFramer, 2> framers_;
};

}  // namespace davy::network

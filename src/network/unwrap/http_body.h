// What stands in the body of one HTTP message: JSON values become messages, each with its exchange; a message without
// JSON becomes one message whose `json` is null, as soon as that is clear.
//
// Bodies in gzip or deflate are inflated, up to kBodyBytesMax. Not thread-safe; used again for the next message.
#pragma once

#include <memory>

#include "network/unwrap/http_head.h"
#include "network/unwrap/inflater.h"
#include "network/unwrap/json_framer.h"
#include "network/unwrap/reader.h"

namespace davy::network {

inline constexpr std::size_t kBodyBytesMax = 1U << 20;  // inflated

class HttpBody {
 public:
  HttpBody(Output& out, mining::Side side) : out_(out), side_(side) {}
  void begin(const HttpHead& head, mining::HttpExchange exchange);
  void feed(ByteView bytes, Timestamp at);
  void end(Timestamp at);
  // Bytes in the middle are missing.
  void damage();

 private:
  enum class Content : std::uint8_t { undecided, json, other };

  void take(ByteView plain, Timestamp at);
  void emit(const Json* json, Timestamp at);

  Output& out_;
  const mining::Side side_;
  mining::HttpExchange exchange_;
  Content content_ = Content::other;
  bool emitted_ = true;
  JsonFramer framer_;
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace davy::network

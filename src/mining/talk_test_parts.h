// What the dialects' tests share: a conversation spoken line by line, or byte by byte.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "mining/dialect.h"

namespace davy::mining {

inline Json parsed(std::string_view text) {
  auto json = Json::parse(text);
  EXPECT_TRUE(json) << text;
  return json ? *json : Json();
}

// Speaks JSON to one dialect; each message is a second after the one before.
class TestExchange {
 public:
  explicit TestExchange(std::unique_ptr<Dialect> dialect) : dialect_(std::move(dialect)) {}

  Fit client(std::string_view text) { return say(Side::client, text, Carrier::websocket, nullptr); }
  Fit server(std::string_view text) { return say(Side::server, text, Carrier::websocket, nullptr); }
  // A request, and the reply to it; an empty body is none.
  Fit request(std::string_view method, std::string_view target, std::string_view body = "") {
    http.method = method, http.target = target, http.status = 0;
    return say(Side::client, body, Carrier::http, &http);
  }
  Fit reply(std::string_view body, int status = 200) {
    http.status = status;
    return say(Side::server, body, Carrier::http, &http);
  }

  const ConversationFacts& facts() const { return dialect_->facts(); }
  std::uint32_t fits() const { return facts().client_fits + facts().server_fits; }

  HttpExchange http;  // of the next request

 private:
  Fit say(Side side, std::string_view text, Carrier carrier, const HttpExchange* exchange) {
    const Json json = text.empty() ? Json() : parsed(text);
    at_ = at_ + std::chrono::seconds(1);
    return dialect_->see(
        {.side = side, .at = at_, .carrier = carrier, .json = text.empty() ? nullptr : &json, .http = exchange});
  }

  std::unique_ptr<Dialect> dialect_;
  Timestamp at_;
};

// Speaks bytes; `piece` splits every packet into pieces of so many bytes.
class TestBytes {
 public:
  explicit TestBytes(std::unique_ptr<ByteDialect> dialect, std::size_t piece = 1U << 20)
      : dialect_(std::move(dialect)), piece_(piece) {}

  Fit client(ByteView bytes) { return say(Side::client, bytes); }
  Fit server(ByteView bytes) { return say(Side::server, bytes); }
  Fit client(std::string_view text) { return say(Side::client, as_bytes(text)); }
  Fit server(std::string_view text) { return say(Side::server, as_bytes(text)); }
  void lose(Side side, std::uint64_t bytes) { offsets_[side] += bytes; }

  const ConversationFacts& facts() const { return dialect_->facts(); }
  std::uint32_t fits() const { return facts().client_fits + facts().server_fits; }

 private:
  Fit say(Side side, ByteView bytes) {
    Fit best = Fit::none;
    at_ = at_ + std::chrono::seconds(1);
    for (bool first = true; !bytes.empty(); first = false) {
      const ByteView part = bytes.first(std::min(piece_, bytes.size()));
      best = std::max(best, dialect_->see(side, part, offsets_[side], first, at_));
      offsets_[side] += part.size();
      bytes = bytes.subspan(part.size());
    }
    return best;
  }

  std::unique_ptr<ByteDialect> dialect_;
  std::size_t piece_;
  std::map<Side, std::uint64_t> offsets_;
  Timestamp at_;
};

// Texts of so many digits that are the same everywhere.
inline std::string digits(std::size_t count, char digit = 'a') { return std::string(count, digit); }

}  // namespace davy::mining

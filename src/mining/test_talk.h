// Lets a test hold a conversation with a dialect: one JSON text a message, a second between two.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "mining/dialect.h"

namespace davy::mining {

class TestTalk {
 public:
  explicit TestTalk(std::unique_ptr<Dialect> dialect) : dialect_(std::move(dialect)) {}

  Fit client(std::string_view text) { return say(Side::client, Carrier::line, text, nullptr); }
  Fit server(std::string_view text) { return say(Side::server, Carrier::line, text, nullptr); }
  Fit http(Side side, std::string_view text, const HttpExchange& exchange) {
    return say(side, Carrier::http, text, &exchange);
  }
  const ConversationFacts& facts() const { return dialect_->facts(); }
  const ShareFacts& shares() const { return dialect_->facts().shares; }

 private:
  Fit say(Side side, Carrier carrier, std::string_view text, const HttpExchange* exchange) {
    const auto json = Json::parse(text);
    EXPECT_TRUE(json) << text;
    if (!json) return Fit::none;
    now_ = now_ + std::chrono::seconds(1);
    return dialect_->see({.side = side, .at = now_, .carrier = carrier, .json = &*json, .http = exchange});
  }

  std::unique_ptr<Dialect> dialect_;
  Timestamp now_;
};

}  // namespace davy::mining

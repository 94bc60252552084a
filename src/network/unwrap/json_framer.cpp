#include "network/unwrap/json_framer.h"

#include <algorithm>

#include "network/unwrapper.h"

namespace davy::network {
namespace {

constexpr std::size_t kStoreKept = 4U << 10;  // a longer buffer is given back after its message

// A zero byte counts as blank: some programs end their messages with one. So does a comma between values.
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0' || c == ','; }
bool opens_value(char c) { return c == '{' || c == '['; }

bool begins_value(std::string_view text) {
  const auto first = std::ranges::find_if_not(text, is_blank);
  return first != text.end() && opens_value(*first);
}

}  // namespace

void JsonFramer::feed(std::string_view text, bool packet_start, const Found& found) {
  if (state_ == State::seeking && packet_start && begins_value(text)) state_ = State::between;
  while (!text.empty()) {
    if (state_ == State::seeking) seek(text);
    else if (state_ == State::between) begin(text);
    else follow(text, found);
  }
}

void JsonFramer::resynchronise() {
  if (state_ == State::inside) drop(State::seeking);
  state_ = State::seeking;
}

void JsonFramer::end() {
  if (state_ == State::inside) drop(State::between);
  state_ = State::between;
}

void JsonFramer::seek(std::string_view& text) {
  const std::size_t newline = text.find('\n');
  if (newline != std::string_view::npos) state_ = State::between;
  text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
}

void JsonFramer::begin(std::string_view& text) {
  const auto first = std::ranges::find_if_not(text, is_blank);
  text.remove_prefix(static_cast<std::size_t>(first - text.begin()));
  if (text.empty()) return;
  state_ = opens_value(text.front()) ? State::inside : State::seeking;
  in_string_ = escaped_ = too_long_ = line_start_ = false;
  depth_ = 0, members_ = 0, last_ = 0;
}

// Whether this byte ends the value.
bool JsonFramer::closes(char c) {
  if (in_string_) {
    if (escaped_) escaped_ = false;
    else if (c == '\\') escaped_ = true;
    else if (c == '"') in_string_ = false;
    return false;
  }
  if (c == '"') in_string_ = true;
  else if (opens_value(c)) ++depth_;
  else if (c == '}' || c == ']') --depth_;
  else if (c == ':') ++members_;
  return depth_ == 0;
}

// Whether this byte cannot be part of the value: a raw newline in a string, or an object that begins a line where none
// may stand, so that the one before it was never finished.
bool JsonFramer::breaks(char c) {
  if (in_string_) return c == '\n';
  const bool out_of_place = line_start_ && c == '{' && last_ != ',' && last_ != '[' && last_ != ':';
  line_start_ = c == '\n';
  if (!is_blank(c) || c == ',') last_ = c;
  return out_of_place;
}

void JsonFramer::follow(std::string_view& text, const Found& found) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (breaks(text[i])) {
      drop(State::between);
      text.remove_prefix(i);  // the newline is blank, the brace begins the next value
      return;
    }
    if (!closes(text[i])) continue;
    complete(text.substr(0, i + 1), found);
    text.remove_prefix(i + 1);
    return;
  }
  keep(text);
  text = {};
}

void JsonFramer::drop(State next) {
  ++skipped_;
  std::string().swap(stored_);
  state_ = next;
}

void JsonFramer::keep(std::string_view part) {
  too_long_ = too_long_ || stored_.size() + part.size() > kMessageBytesMax || members_ > kMembersMax;
  if (too_long_) std::string().swap(stored_);
  else stored_.append(part);
}

void JsonFramer::complete(std::string_view last, const Found& found) {
  state_ = State::between;
  if (!stored_.empty() || too_long_ || last.size() > kMessageBytesMax || members_ > kMembersMax) {
    keep(last);
    last = stored_;
  }
  const auto json = too_long_ ? Result<Json>(fail(ErrorCode::limit_exceeded, "too long")) : Json::parse(last);
  if (!json) ++skipped_;
  if (stored_.capacity() > kStoreKept) std::string().swap(stored_);
  else stored_.clear();
  if (!json) return;
  if (json->items().empty() || !json->items().front().is_object()) return found(*json);
  for (const Json& item : json->items()) found(item);
}

}  // namespace davy::network

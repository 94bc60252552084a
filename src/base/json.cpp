#include "base/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace davy {
namespace {

const Json kNull;
const Json::Array kNoItems;
const Json::Object kNoMembers;

// Length of the valid UTF-8 sequence at text[at], or 0.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xc0U) != 0x80U) return 0;
  const unsigned second = byte(at + 1);
  const bool bad = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                   (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return bad ? 0 : length;
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) {
    out.push_back(c);
    return;
  }
  char code[8];
  std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  out += code;
}

void append_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 1) append_escaped(out, text[at]);
    else if (length == 0) out += "\xef\xbf\xbd";
    else out.append(text.substr(at, length));
    at += length == 0 ? 1 : length;
  }
  out.push_back('"');
}

template <class Number>
void append_number(std::string& out, Number value) {
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  const std::size_t start = out.size();
  append_number(out, value);
  if (out.find_first_of(".e", start) == std::string::npos) out += ".0";
}

struct Writer {
  std::string& out;

  void operator()(std::monostate) const { out += "null"; }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { append_number(out, value); }
  void operator()(std::uint64_t value) const { append_number(out, value); }
  void operator()(double value) const { append_double(out, value); }
  void operator()(const std::string& value) const { append_string(out, value); }
  void operator()(const Json::Array& items) const {
    out.push_back('[');
    for (const Json& item : items) {
      if (&item != &items.front()) out.push_back(',');
      out += item.dump();
    }
    out.push_back(']');
  }
  void operator()(const Json::Object& members) const {
    out.push_back('{');
    for (const auto& [name, value] : members) {
      if (&name != &members.front().first) out.push_back(',');
      append_string(out, name);
      out.push_back(':');
      out += value.dump();
    }
    out.push_back('}');
  }
};

// Turns Boost.JSON's parse events into a Json value. Recursion is bounded by the parser's own depth limit.
struct Handler {
  static constexpr std::size_t max_object_size = 8192;
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  using ErrorOut = boost::json::error_code&;
  using Text = boost::json::string_view;

  struct Level {
    Json value;
    std::string key;
  };
  std::vector<Level> open;
  std::string text;
  Json result;

  bool add_number(Json value) {
    text.clear();
    return add(std::move(value));
  }

  bool add(Json value) {
    if (open.empty()) {
      result = std::move(value);
    } else if (open.back().value.is_array()) {
      open.back().value.push(std::move(value));
    } else {
      open.back().value.set(open.back().key, std::move(value));
    }
    return true;
  }
  bool start(Json value) {
    open.push_back({std::move(value), {}});
    return true;
  }
  bool close() {
    Json value = std::move(open.back().value);
    open.pop_back();
    return add(std::move(value));
  }
  bool append(Text part) {
    text.append(part.data(), part.size());
    return true;
  }

  bool on_document_begin(ErrorOut) { return true; }
  bool on_document_end(ErrorOut) { return true; }
  bool on_object_begin(ErrorOut) { return start(Json::object()); }
  bool on_object_end(std::size_t, ErrorOut) { return close(); }
  bool on_array_begin(ErrorOut) { return start(Json::array()); }
  bool on_array_end(std::size_t, ErrorOut) { return close(); }
  bool on_key_part(Text part, std::size_t, ErrorOut) { return append(part); }
  bool on_key(Text part, std::size_t, ErrorOut) {
    append(part);
    open.back().key = std::exchange(text, {});
    return true;
  }
  bool on_string_part(Text part, std::size_t, ErrorOut) { return append(part); }
  bool on_string(Text part, std::size_t, ErrorOut) {
    append(part);
    return add(Json(std::exchange(text, {})));
  }
  bool on_number_part(Text part, ErrorOut) { return append(part); }
  bool on_int64(std::int64_t value, Text, ErrorOut) { return add_number(Json(value)); }
  bool on_uint64(std::uint64_t value, Text, ErrorOut) { return add_number(Json(value)); }
  // The library's own conversion is off by a digit for long numbers, so that what is printed would not be what was
  // read.
  bool on_double(double value, Text part, ErrorOut) {
    append(part);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return add_number(Json(value));
  }
  bool on_bool(bool value, ErrorOut) { return add(Json(value)); }
  bool on_null(ErrorOut) { return add(Json()); }
  bool on_comment_part(Text, ErrorOut) { return true; }
  bool on_comment(Text, ErrorOut) { return true; }
};

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::json::basic_parser<Handler> parser(options);
  boost::json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (error == boost::json::error::too_deep) return fail(ErrorCode::limit_exceeded, "JSON nested too deeply");
  if (error) return fail(ErrorCode::malformed, "not JSON: " + error.message());
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
    return fail(ErrorCode::malformed, "text behind the JSON value");
  return std::move(parser.handler().result);
}

bool Json::is_number() const {
  return std::holds_alternative<std::int64_t>(value_) || std::holds_alternative<std::uint64_t>(value_) ||
         std::holds_alternative<double>(value_);
}

const Json& Json::operator[](std::string_view name) const {
  for (const auto& [key, value] : members())
    if (key == name) return value;
  return kNull;
}

const Json::Array& Json::items() const {
  const auto* items = std::get_if<Array>(&value_);
  return items != nullptr ? *items : kNoItems;
}

const Json::Object& Json::members() const {
  const auto* members = std::get_if<Object>(&value_);
  return members != nullptr ? *members : kNoMembers;
}

std::string_view Json::string_or(std::string_view fallback) const {
  const auto* text = std::get_if<std::string>(&value_);
  return text != nullptr ? std::string_view(*text) : fallback;
}

std::int64_t Json::int_or(std::int64_t fallback) const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  if (const auto* value = std::get_if<std::uint64_t>(&value_); value != nullptr && std::in_range<std::int64_t>(*value))
    return static_cast<std::int64_t>(*value);
  return fallback;
}

std::uint64_t Json::uint_or(std::uint64_t fallback) const {
  if (const auto* value = std::get_if<std::uint64_t>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_); value != nullptr && *value >= 0)
    return static_cast<std::uint64_t>(*value);
  return fallback;
}

double Json::double_or(double fallback) const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*value);
  return fallback;
}

bool Json::bool_or(bool fallback) const {
  const auto* value = std::get_if<bool>(&value_);
  return value != nullptr ? *value : fallback;
}

Json& Json::set(std::string_view name, Json value) {
  if (is_null()) value_ = Object{};
  auto& members = std::get<Object>(value_);
  for (auto& [key, old] : members) {
    if (key != name) continue;
    old = std::move(value);
    return *this;
  }
  members.emplace_back(std::string(name), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

std::string Json::dump() const {
  std::string out;
  std::visit(Writer{out}, value_);
  return out;
}

namespace {

// Marks that end lines or reorder the text around them (U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069), so
// that a name would show as another.
bool changes_direction(std::string_view character) {
  return character == "\u061c" || character == "\u200e" || character == "\u200f" ||
         (character >= "\u2028" && character <= "\u202e") || (character >= "\u2066" && character <= "\u2069");
}

}  // namespace

std::string printable(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; })) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    const bool control = first < 0x20 || first == 0x7f ||
                         (length == 2 && first == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0);
    if (length == 0) out += "\xef\xbf\xbd";
    else if (control || (length > 1 && changes_direction(text.substr(at, length)))) out.push_back('?');
    else out.append(text.substr(at, length));
    at += length == 0 ? 1 : length;
  }
  return out;
}

}  // namespace davy

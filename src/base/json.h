// JSON as a value: parsed from foreign bytes with limits, written in a fixed order.
//
// Members keep the order in which they were set, so the same value always prints as the same bytes (recordings and
// findings rely on it). Parsing refuses invalid UTF-8, depth over kJsonDepthMax and trailing text.
// Values are plain data: safe to share between threads while nobody changes them.
//
//   Json summary = Json::object();
//   summary.set("type", "summary").set("packets", 1000);
//   const std::string line = summary.dump();   // {"type":"summary","packets":1000}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace davy {

inline constexpr std::size_t kJsonDepthMax = 32;

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}
  Json(unsigned value) : value_(static_cast<std::int64_t>(value)) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::uint64_t value) : value_(value) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}

  static Json object() { return Json(ObjectTag{}); }
  static Json array() { return Json(Array{}); }

  // One JSON text, nothing behind it. Errors: malformed, limit_exceeded (depth).
  static Result<Json> parse(std::string_view text);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_number() const;

  // The member of that name, or null when this is no object or has none.
  const Json& operator[](std::string_view name) const;
  const Array& items() const;     // empty when this is no array
  const Object& members() const;  // empty when this is no object

  // The value when it has that type, otherwise the fallback. Integers convert to double and, in range, to each other.
  std::string_view string_or(std::string_view fallback) const;
  std::int64_t int_or(std::int64_t fallback) const;
  std::uint64_t uint_or(std::uint64_t fallback) const;
  double double_or(double fallback) const;
  bool bool_or(bool fallback) const;

  // Sets a member (replacing one of that name) and returns this object. Precondition: null or object.
  Json& set(std::string_view name, Json value);
  // Appends an item and returns this array. Precondition: null or array.
  Json& push(Json value);

  // Compact text; strings that are not valid UTF-8 are written with U+FFFD for each bad byte, so output is always JSON.
  std::string dump() const;

  friend bool operator==(const Json&, const Json&) = default;

 private:
  struct ObjectTag {};
  explicit Json(ObjectTag) : value_(Object{}) {}

  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> value_;
};

// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD, and C0/C1 controls (terminal escapes
// among them) and marks that reorder text replaced by '?', so that foreign names can be printed.
std::string printable(std::string_view text);

}  // namespace davy

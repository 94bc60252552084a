#include "model/observation.h"

#include <limits>
#include <type_traits>

namespace davy::model {
namespace {

template <class T>
concept Record = requires(T value) { T::fields(value, [](std::string_view, auto&) {}); };

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

struct Writer {
  static Json write(const Record auto& record) {
    Json out = Json::object();
    write_fields(record, out);
    return out;
  }
  template <class T>
  static Json write(const T& value) {
    if constexpr (IsVector<T>::value) {
      Json out = Json::array();
      for (const auto& item : value) out.push(write(item));
      return out;
    } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      if constexpr (std::is_signed_v<T>) return Json(static_cast<std::int64_t>(value));
      else return Json(static_cast<std::uint64_t>(value));
    } else {
      return Json(value);
    }
  }
  static void write_fields(const auto& record, Json& out) {
    std::remove_cvref_t<decltype(record)>::fields(
        record, [&](std::string_view name, const auto& value) { out.set(name, write(value)); });
  }
};

// Reads field by field and remembers the first member that has the wrong type.
struct Reader {
  std::string wrong;

  void mark(std::string_view name) {
    if (wrong.empty()) wrong = name;
  }

  template <class T>
  void read(const Json& json, std::string_view name, T& value) {
    if constexpr (Record<T>) {
      if (!json.is_object()) return mark(name);
      read_fields(json, value);
    } else if constexpr (IsVector<T>::value) {
      if (!json.is_array()) return mark(name);
      value.clear();
      for (const Json& item : json.items()) read(item, name, value.emplace_back());
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!json.is_string()) return mark(name);
      value = json.string_or("");
    } else if constexpr (std::is_same_v<T, bool>) {
      if (json != Json(true) && json != Json(false)) return mark(name);
      value = json.bool_or(false);
    } else if constexpr (std::is_same_v<T, double>) {
      if (!json.is_number()) return mark(name);
      value = json.double_or(0.0);
    } else {
      read_integer(json, name, value);
    }
  }

  template <class T>
  void read_integer(const Json& json, std::string_view name, T& value) {
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_signed_v<T>) {
      const std::int64_t number = json.int_or(Limits::min());
      const bool integer = number != Limits::min() || json == Json(static_cast<std::int64_t>(Limits::min()));
      if (!integer || number < Limits::min() || number > Limits::max()) return mark(name);
      value = static_cast<T>(number);
    } else {
      const std::uint64_t a = json.uint_or(0);
      if (a != json.uint_or(1) || a > Limits::max()) return mark(name);
      value = static_cast<T>(a);
    }
  }

  // A member that is absent keeps its default: an older recorder did not know it.
  void read_fields(const Json& json, auto& record) {
    std::remove_cvref_t<decltype(record)>::fields(record, [&](std::string_view name, auto& value) {
      const Json& member = json[name];
      if (!member.is_null()) read(member, name, value);
    });
  }
};

template <std::size_t Index = 0>
bool read_as(std::string_view type, const Json& json, Reader& reader, Observation::Value& value) {
  if constexpr (Index == std::variant_size_v<Observation::Value>) {
    return false;
  } else {
    using Type = std::variant_alternative_t<Index, Observation::Value>;
    if (type != Type::kType) return read_as<Index + 1>(type, json, reader, value);
    reader.read_fields(json, value.emplace<Index>());
    return true;
  }
}

}  // namespace

Json to_json(const Observation& observation) {
  Json out = Json::object();
  std::visit(
      [&](const auto& value) {
        out.set("type", std::remove_cvref_t<decltype(value)>::kType).set("at", observation.at.nanoseconds);
        Writer::write_fields(value, out);
      },
      observation.value);
  return out;
}

Result<Observation> parse_observation(const Json& json) {
  if (!json.is_object()) return fail(ErrorCode::malformed, "an observation is a JSON object");
  Observation out;
  Reader reader;
  reader.read(json["at"], "at", out.at.nanoseconds);
  const std::string_view type = json["type"].string_or("");
  if (!read_as(type, json, reader, out.value))
    return fail(ErrorCode::malformed, "no such type of observation", std::string(type));
  if (!reader.wrong.empty()) return fail(ErrorCode::malformed, "a member has the wrong type", reader.wrong);
  return out;
}

}  // namespace davy::model

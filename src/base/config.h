// Settings of Davy: one table of what can be set, and values merged from defaults, file and command line.
//
// A file is TOML. A key that the table does not know, a value of the wrong type or out of its choices is an error that
// names file and line (and the nearest known key), because a misspelt setting must never be silently ignored.
// Order: defaults < file < set() by the command line. The environment sets nothing.
// Plain values: safe to share between threads while nobody changes them. parse() and load() need toml++
// (config_toml.cpp).
//
//   Settings settings = TRY(Settings::load("/etc/davy/davy.toml"));
//   TRY(settings.set("response.mode", "ask", "command line"));
//   const double seconds = settings.number("check.observe_seconds");
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace davy {

inline constexpr std::size_t kConfigBytesMax = 1U << 20;
inline constexpr std::size_t kConfigListItemsMax = 256;
inline constexpr std::size_t kConfigDepthMax = 16;  // nested brackets; deeper text is refused unread

enum class SettingType { text, choice, integer, number, boolean, list };

using StringList = std::vector<std::string>;
using SettingValue = std::variant<std::string, std::int64_t, double, bool, StringList>;

struct SettingSpec {
  std::string_view name;  // "check.observe_seconds"
  SettingType type = SettingType::text;
  std::string_view default_value;  // as one would write it on the command line
  TextId help{};
  std::span<const std::string_view> choices = {};
  double min = 0.0;  // of numbers and integers
  double max = 0.0;
};

// Everything that can be set, in the order in which `davy config show` prints it.
std::span<const SettingSpec> known_settings();
const SettingSpec* find_setting(std::string_view name);

class Settings {
 public:
  Settings();  // all defaults

  static Result<Settings> parse(std::string_view toml, const std::string& source = "settings");
  static Result<Settings> load(const std::string& path);

  // Sets one value from words ("true", "1.5", "a,b" for lists). Errors: invalid_argument.
  Status set(std::string_view name, std::string_view words, std::string origin);
  Status set_value(std::string_view name, SettingValue value, std::string origin);

  // The value of a known setting of that type. Precondition: the table has `name` with that type.
  const std::string& text(std::string_view name) const;  // text and choice
  std::int64_t integer(std::string_view name) const;
  double number(std::string_view name) const;
  bool boolean(std::string_view name) const;
  const StringList& list(std::string_view name) const;

  // The value of any setting as words, and where it came from ("default", "davy.toml:3", "command line").
  std::optional<std::string> words(std::string_view name) const;
  std::string_view origin(std::string_view name) const;

 private:
  struct Entry {
    SettingValue value;
    std::string origin;
  };
  const SettingValue& value(std::string_view name) const;

  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace davy

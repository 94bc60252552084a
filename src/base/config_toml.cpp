#define TOML_EXCEPTIONS 1
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>

#include "base/arguments.h"
#include "base/config.h"
#include "base/file.h"

namespace davy {
namespace {

std::string place_of(const std::string& source, const toml::source_region& region) {
  return source + ":" + std::to_string(region.begin.line);
}

// TOML forbids them.
bool is_control(char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f; }

// toml++ stops the program when the name of a table begins with what can begin none.
bool begins_badly(std::string_view line) {
  const std::size_t bracket = line.find_first_not_of(" \t");
  if (bracket == std::string_view::npos || line[bracket] != '[') return false;
  const std::size_t name = line.find_first_not_of(" \t[", bracket);
  return name == std::string_view::npos || (std::isalnum(static_cast<unsigned char>(line[name])) == 0 &&
                                            std::string_view("_-\"'").find(line[name]) == std::string_view::npos);
}

Status check_lines(std::string_view text, const std::string& source) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find_first_of("\n\r"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (begins_badly(line)) return fail(ErrorCode::malformed, "not the name of a table", source + ":" + std::to_string(number));
  }
  return {};
}

// toml++ recurses for each bracket and for each dot of a key; text that nests beyond any setting is refused unread.
// Brackets inside strings count too: this is a bound, not a parser.
Status check_text(std::string_view text, const std::string& source) {
  std::size_t depth = 0;
  std::size_t dots_in_line = 0;
  std::size_t line = 1;
  for (const char c : text) {
    if (c == '\n') {
      ++line;
      dots_in_line = 0;
    }
    if (is_control(c)) return fail(ErrorCode::malformed, "a control character", source + ":" + std::to_string(line));
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (c == '.') ++dots_in_line;
    if (depth > kConfigDepthMax || dots_in_line > kConfigBytesMax / 1024)
      return fail(ErrorCode::limit_exceeded, "nested too deeply", source + ":" + std::to_string(line));
  }
  return {};
}

tl::unexpected<Error> unknown_setting(const std::string& name, const std::string& place) {
  std::vector<std::string> known;
  for (const auto& spec : known_settings()) known.emplace_back(spec.name);
  const auto near = nearest_word(name, known);
  const std::string advice = near ? ", did you mean " + *near : "";
  return fail(ErrorCode::invalid_argument, "unknown setting '" + name + "'" + advice, place);
}

bool is_group(const std::string& name) {
  for (const auto& spec : known_settings())
    if (spec.name.starts_with(name + ".")) return true;
  return false;
}

std::optional<SettingValue> value_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return SettingValue(text->get());
  if (const auto* whole = node.as_integer()) return SettingValue(whole->get());
  if (const auto* number = node.as_floating_point()) return SettingValue(number->get());
  if (const auto* flag = node.as_boolean()) return SettingValue(flag->get());
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  StringList items;
  for (const auto& item : *array) {
    if (!item.is_string()) return std::nullopt;
    items.push_back(item.as_string()->get());
  }
  return SettingValue(std::move(items));
}

Status take_value(Settings& settings, const std::string& name, const toml::node& node, const std::string& place) {
  if (find_setting(name) == nullptr) return unknown_setting(name, place);
  auto value = value_of(node);
  if (!value) return fail(ErrorCode::invalid_argument, name + " has a value of the wrong type", place);
  auto taken = settings.set_value(name, std::move(*value), place);
  if (!taken) taken.error().context = place;
  return taken;
}

// The table of settings has two levels; a table below them is an unknown setting, so this recurses twice at most.
Status take_table(Settings& settings, const toml::table& table, const std::string& prefix, const std::string& source) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const auto* inner = node.as_table();
    if (inner != nullptr && is_group(name)) TRY(take_table(settings, *inner, name + ".", source));
    else TRY(take_value(settings, name, node, place_of(source, key.source())));
  }
  return {};
}

}  // namespace

Result<Settings> Settings::parse(std::string_view toml, const std::string& source) {
  if (toml.size() > kConfigBytesMax) return fail(ErrorCode::limit_exceeded, "settings too long", source);
  TRY(check_text(toml, source));
  TRY(check_lines(toml, source));
  try {
    const toml::table table = toml::parse(toml);
    Settings settings;
    TRY(take_table(settings, table, "", source));
    return settings;
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::malformed, std::string(error.description()), place_of(source, error.source()));
  } catch (const std::exception& error) {
    return fail(ErrorCode::malformed, error.what(), source);
  }
}

Result<Settings> Settings::load(const std::string& path) {
  const Bytes bytes = TRY(read_file(path, kConfigBytesMax));
  return parse(as_text(bytes), path);
}

}  // namespace davy

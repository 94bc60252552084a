#include <stdexcept>

// What toml++ takes for impossible, hostile text reaches ("[" and a control character): an error, not an abort.
[[noreturn]] static void refuse_impossible() { throw std::runtime_error("not TOML"); }
#define TOML_ASSERT(condition) ((condition) ? void() : refuse_impossible())
#define TOML_EXCEPTIONS 1
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "base/arguments.h"
#include "base/config.h"
#include "base/file.h"
#include "base/toml.h"

namespace davy {
namespace {

std::string place_of(const std::string& source, const toml::source_region& region) {
  return source + ":" + std::to_string(region.begin.line);
}

// TOML forbids them.
bool is_control(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

// Takes a string with its quotes from the front of `text`; false when none closes in this line.
bool take_string(std::string_view& text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') ++at;
    else if (text[at] == quote) return text.remove_prefix(at + 1), true;
  }
  return false;
}

// toml++ is not safe with characters outside ASCII where they do not belong. They reach it only in comments, in
// `name = "..."`, and in lists of strings.
bool has_foreign_name(std::string_view line) {
  if (std::ranges::all_of(line, [](unsigned char c) { return c < 0x80; })) return false;
  constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  const std::size_t name = std::min(line.find_first_not_of(kName), line.size());
  line.remove_prefix(name);
  for (bool may_begin = name == 0; !line.empty();) {
    if (line.front() == '#') return false;
    const bool quote = line.front() == '"' || line.front() == '\'';
    if (quote && (!may_begin || !take_string(line))) return true;
    if (quote) {
      may_begin = false;
      continue;
    }
    if (std::string_view(" \t=[],").find(line.front()) == std::string_view::npos) return true;
    may_begin |= line.front() != ' ' && line.front() != '\t';
    line.remove_prefix(1);
  }
  return false;
}

Status check_lines(std::string_view text, const std::string& source) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find_first_of("\n\r"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (has_foreign_name(line))
      return fail(ErrorCode::malformed, "a name outside ASCII", source + ":" + std::to_string(number));
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

Json json_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return Json(text->get());
  if (const auto* whole = node.as_integer()) return Json(whole->get());
  if (const auto* number = node.as_floating_point()) return Json(number->get());
  if (const auto* flag = node.as_boolean()) return Json(flag->get());
  if (const auto* list = node.as_array()) {
    Json out = Json::array();
    for (const auto& item : *list) out.push(json_of(item));
    return out;
  }
  if (const auto* table = node.as_table()) {
    Json out = Json::object();
    for (const auto& [key, value] : *table) out.set(key.str(), json_of(value));
    return out;
  }
  std::ostringstream text;  // a date or time
  if (const auto* moment = node.as_date_time()) text << moment->get();
  if (const auto* date = node.as_date()) text << date->get();
  if (const auto* time = node.as_time()) text << time->get();
  return Json(text.str());
}

// What `use` makes of the table that the text is.
template <class Made>
Result<Made> with_table(std::string_view text, const std::string& source,
                        Result<Made> (*use)(const toml::table&, const std::string&)) {
  if (text.size() > kConfigBytesMax) return fail(ErrorCode::limit_exceeded, "the file is too long", source);
  TRY(check_text(text, source));
  TRY(check_lines(text, source));
  try {
    return use(toml::parse(text), source);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::malformed, std::string(error.description()), place_of(source, error.source()));
  } catch (const std::exception& error) {
    return fail(ErrorCode::malformed, error.what(), source);
  }
}

}  // namespace

Result<Settings> Settings::parse(std::string_view text, const std::string& source) {
  return with_table<Settings>(text, source, [](const toml::table& table, const std::string& from) -> Result<Settings> {
    Settings settings;
    TRY(take_table(settings, table, "", from));
    return settings;
  });
}

Result<Json> parse_toml(std::string_view text, const std::string& source) {
  return with_table<Json>(text, source,
                          [](const toml::table& table, const std::string&) -> Result<Json> { return json_of(table); });
}

Result<Settings> Settings::load(const std::string& path) {
  const Bytes bytes = TRY(read_file(path, kConfigBytesMax));
  return parse(as_text(bytes), path);
}

}  // namespace davy

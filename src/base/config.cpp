#include "base/config.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/json.h"

namespace davy {
namespace {

constexpr std::string_view kLanguages[] = {"auto", "zh", "en"};
constexpr std::string_view kModes[] = {"observe", "ask", "act"};

constexpr SettingSpec kSettings[] = {
    {"language", SettingType::choice, "auto", TextId::settings_language, kLanguages},
    {"intel.pack", SettingType::text, "", TextId::settings_intel_pack},
    {"intel.extra_packs", SettingType::list, "", TextId::settings_intel_extra_packs},
    {"check.observe_seconds", SettingType::number, "1", TextId::settings_check_observe_seconds, {}, 0.1, 3600.0},
    {"check.memory", SettingType::boolean, "true", TextId::settings_check_memory},
    {"response.mode", SettingType::choice, "observe", TextId::settings_response_mode, kModes},
    {"energy.price_per_kwh", SettingType::number, "0.6", TextId::settings_energy_price, {}, 0.0, 1e6},
    {"energy.currency", SettingType::text, "CNY", TextId::settings_energy_currency},
    {"network.policy", SettingType::text, "/etc/davy/policy.toml", TextId::settings_network_policy},
    {"probe.enabled", SettingType::boolean, "false", TextId::settings_probe_enabled},
    {"probe.targets", SettingType::list, "", TextId::settings_probe_targets},
    {"probe.per_day", SettingType::integer, "1", TextId::settings_probe_per_day, {}, 1.0, 1000.0},
    {"probe.seconds", SettingType::number, "5", TextId::settings_probe_seconds, {}, 0.5, 60.0},
    {"probe.log", SettingType::text, "/var/lib/davy/probes.jsonl", TextId::settings_probe_log},
    {"host.watts_per_core", SettingType::number, "10", TextId::settings_host_watts_per_core, {}, 0.0, 1000.0},
};

tl::unexpected<Error> wrong(const SettingSpec& spec, std::string_view why, std::string_view words) {
  return fail(ErrorCode::invalid_argument, std::string(spec.name) + " " + std::string(why), std::string(words));
}

template <class Number>
std::optional<Number> number_of(std::string_view words) {
  Number value{};
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), value);
  if (error != std::errc() || end != words.data() + words.size()) return std::nullopt;
  return value;
}

StringList split(std::string_view words) {
  StringList items;
  while (!words.empty()) {
    const std::size_t comma = std::min(words.find(','), words.size());
    items.emplace_back(words.substr(0, comma));
    words.remove_prefix(std::min(comma + 1, words.size()));
  }
  return items;
}

Result<SettingValue> value_of(const SettingSpec& spec, std::string_view words) {
  switch (spec.type) {
    case SettingType::boolean:
      if (words == "true" || words == "false") return SettingValue(words == "true");
      return wrong(spec, "must be true or false", words);
    case SettingType::integer:
      if (const auto value = number_of<std::int64_t>(words)) return SettingValue(*value);
      return wrong(spec, "must be a whole number", words);
    case SettingType::number:
      if (const auto value = number_of<double>(words)) return SettingValue(*value);
      return wrong(spec, "must be a number", words);
    case SettingType::list: return SettingValue(split(words));
    case SettingType::text:
    case SettingType::choice: break;
  }
  return SettingValue(std::string(words));
}

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const auto word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

std::string shortest(double value) { return Json(value).dump(); }

// The value with its type adjusted (an integer may stand for a number), or why it does not fit.
Result<SettingValue> fitting(const SettingSpec& spec, SettingValue value) {
  if (spec.type == SettingType::number && std::holds_alternative<std::int64_t>(value))
    value = static_cast<double>(std::get<std::int64_t>(value));
  static constexpr std::size_t kIndexOf[] = {0, 0, 1, 2, 3, 4};
  static constexpr std::string_view kMust[] = {"must be a text",   "must be a text",        "must be a whole number",
                                               "must be a number", "must be true or false", "must be a list of texts"};
  const auto type = static_cast<std::size_t>(spec.type);
  if (value.index() != kIndexOf[type]) return wrong(spec, kMust[type], {});
  return value;
}

Status check_range(const SettingSpec& spec, const SettingValue& value) {
  if (const auto* words = std::get_if<std::string>(&value); words != nullptr && !spec.choices.empty())
    if (std::ranges::find(spec.choices, *words) == spec.choices.end())
      return wrong(spec, "must be one of " + joined(spec.choices), *words);
  if (const auto* items = std::get_if<StringList>(&value); items != nullptr && items->size() > kConfigListItemsMax)
    return wrong(spec, "has too many items", {});
  const auto* whole = std::get_if<std::int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  if (whole == nullptr && real == nullptr) return {};
  const double number = whole != nullptr ? static_cast<double>(*whole) : *real;
  if (!(number >= spec.min && number <= spec.max))
    return wrong(spec, "must be from " + shortest(spec.min) + " to " + shortest(spec.max), shortest(number));
  return {};
}

struct InWords {
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return shortest(value); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(const StringList& items) const {
    std::string out;
    for (const auto& item : items) out += (out.empty() ? "" : ",") + item;
    return out;
  }
};

}  // namespace

std::span<const SettingSpec> known_settings() { return kSettings; }

const SettingSpec* find_setting(std::string_view name) {
  const auto* found = std::ranges::find(kSettings, name, &SettingSpec::name);
  return found == std::end(kSettings) ? nullptr : found;
}

Settings::Settings() {
  for (const auto& spec : kSettings)
    if (auto value = value_of(spec, spec.default_value))
      entries_[std::string(spec.name)] = {std::move(*value), "default"};
}

Status Settings::set(std::string_view name, std::string_view words, std::string origin) {
  const auto* spec = find_setting(name);
  if (spec == nullptr) return fail(ErrorCode::invalid_argument, "unknown setting", std::string(name));
  return set_value(name, TRY(value_of(*spec, words)), std::move(origin));
}

Status Settings::set_value(std::string_view name, SettingValue value, std::string origin) {
  const auto* spec = find_setting(name);
  if (spec == nullptr) return fail(ErrorCode::invalid_argument, "unknown setting", std::string(name));
  SettingValue fitted = TRY(fitting(*spec, std::move(value)));
  TRY(check_range(*spec, fitted));
  entries_[std::string(name)] = {std::move(fitted), std::move(origin)};
  return {};
}

const SettingValue& Settings::value(std::string_view name) const { return entries_.find(name)->second.value; }

const std::string& Settings::text(std::string_view name) const { return std::get<std::string>(value(name)); }
std::int64_t Settings::integer(std::string_view name) const { return std::get<std::int64_t>(value(name)); }
double Settings::number(std::string_view name) const { return std::get<double>(value(name)); }
bool Settings::boolean(std::string_view name) const { return std::get<bool>(value(name)); }
const StringList& Settings::list(std::string_view name) const { return std::get<StringList>(value(name)); }

std::optional<std::string> Settings::words(std::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return std::nullopt;
  return std::visit(InWords{}, found->second.value);
}

std::string_view Settings::origin(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? std::string_view() : std::string_view(found->second.origin);
}

}  // namespace davy

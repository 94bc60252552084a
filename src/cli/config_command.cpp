#include "cli/config_command.h"

#include <ostream>

#include "base/json.h"
#include "cli/capture_limits.h"

namespace davy::cli {
namespace {

CommandSpec spec() {
  auto options = common_options();
  options.push_back({.name = "policy", .value_name = "FILE", .help = TextId::option_policy});
  return {.name = "davy config",
          .summary = TextId::config_summary,
          .options = std::move(options),
          .positionals = {{.name = "show|check", .help = TextId::config_verb, .required = true}},
          .examples = {{"davy config show", TextId::config_example_show},
                       {"davy config check --config ./davy.toml", TextId::config_example_check}}};
}

Json to_json(const SettingSpec& setting, const Settings& settings) {
  const Bilingual meaning = text_in_both(setting.help);
  Json help = Json::object();
  help.set("zh", meaning.zh).set("en", meaning.en);
  Json out = Json::object();
  out.set("type", "setting").set("name", setting.name).set("value", settings.words(setting.name).value_or(""));
  out.set("origin", settings.origin(setting.name)).set("help", std::move(help));
  return out;
}

void show_as_text(const Settings& settings, std::ostream& out, Language language) {
  for (const SettingSpec& setting : known_settings()) {
    out << setting.name << " = " << printable(settings.words(setting.name).value_or("")) << "  ("
        << printable(settings.origin(setting.name)) << ")\n    " << text(setting.help, language) << '\n';
  }
}

void show(const CommonChoices& choices, std::ostream& out) {
  if (choices.format == Format::text) return show_as_text(choices.settings, out, choices.language);
  Json all = Json::array();
  for (const SettingSpec& setting : known_settings()) {
    Json line = to_json(setting, choices.settings);
    if (choices.format == Format::jsonl) out << line.dump() << '\n';
    else all.push(std::move(line));
  }
  if (choices.format == Format::jsonl) return;
  Json whole = Json::object();
  whole.set("settings", std::move(all));
  out << whole.dump() << '\n';
}

}  // namespace

int run_config(std::span<const std::string> words, const Surroundings& around) {
  const auto given = parse_arguments(spec(), words);
  if (!given) return complain(given.error(), around, around.language);
  if (given->has("help")) return print_help(spec(), around, around.language);
  const auto choices = read_common(*given, around);
  if (!choices) return complain(choices.error(), around, around.language);
  const std::string& verb = given->positionals().front();
  if (verb == "show") {
    show(*choices, around.out);
    return kExitDone;
  }
  if (verb == "check") {
    if (const auto policy = policy_of(*given, choices->settings); !policy)
      return complain(policy.error(), around, choices->language);
    say_done("config check", TextId::config_fine, {}, *choices, around.out);
    return kExitDone;
  }
  return complain({ErrorCode::invalid_argument, "neither show nor check", verb}, around, choices->language);
}

}  // namespace davy::cli

#include "cli/config_command.h"

#include <ostream>

namespace davy::cli {
namespace {

CommandSpec spec() {
  return {.name = "davy config",
          .summary = TextId::config_summary,
          .options = common_options(),
          .positionals = {{.name = "show|check", .help = TextId::config_verb, .required = true}},
          .examples = {{"davy config show", TextId::config_example_show},
                       {"davy config check --config ./davy.toml", TextId::config_example_check}}};
}

void show(const Settings& settings, const Surroundings& around, Language language) {
  for (const SettingSpec& setting : known_settings()) {
    around.out << setting.name << " = " << settings.words(setting.name).value_or("") << "  ("
               << settings.origin(setting.name) << ")\n    " << text(setting.help, language) << '\n';
  }
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
    show(choices->settings, around, choices->language);
    return kExitDone;
  }
  if (verb == "check") {
    around.out << text(TextId::config_fine, choices->language) << '\n';
    return kExitDone;
  }
  return complain({ErrorCode::invalid_argument, "neither show nor check", verb}, around, choices->language);
}

}  // namespace davy::cli

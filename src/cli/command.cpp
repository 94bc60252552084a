#include "cli/command.h"

#include <ostream>

#include "base/json.h"

namespace davy::cli {
namespace {

constexpr const char* kConfigPath = "/etc/davy/davy.toml";

Result<Settings> load_settings(const ParsedArguments& given) {
  if (const auto path = given.value("config")) return Settings::load(*path);
  auto settings = Settings::load(kConfigPath);
  if (!settings && settings.error().code == ErrorCode::not_found) return Settings();
  return settings;
}

Language language_of(const std::string& word, Language fallback) {
  return word == "zh" ? Language::zh : word == "en" ? Language::en : fallback;
}

Format format_of(const std::string& word) {
  return word == "json" ? Format::json : word == "jsonl" ? Format::jsonl : Format::text;
}

}  // namespace

std::vector<OptionSpec> common_options() {
  return {
      {.name = "format", .value_name = "FORMAT", .help = TextId::option_format, .choices = {"text", "json", "jsonl"}},
      {.name = "lang", .value_name = "LANG", .help = TextId::option_lang, .choices = {"zh", "en"}},
      {.name = "intel", .value_name = "PACK", .help = TextId::option_intel},
      {.name = "config", .value_name = "FILE", .help = TextId::option_config},
      {.name = "fail-at",
       .value_name = "VERDICT",
       .help = TextId::option_fail_at,
       .choices = {"suspicious", "likely", "confirmed"}},
      {.name = "for", .value_name = "TIME", .help = TextId::option_for},
      {.name = "quiet", .short_name = 'q', .help = TextId::option_quiet},
      {.name = "verbose", .short_name = 'v', .help = TextId::option_verbose},
  };
}

Result<CommonChoices> read_common(const ParsedArguments& given, const Surroundings& around) {
  CommonChoices out;
  out.settings = TRY(load_settings(given));
  out.language = language_of(out.settings.text("language"), around.language);
  out.language = language_of(given.value("lang").value_or(""), out.language);
  out.format = format_of(given.value("format").value_or("text"));
  out.intel = given.value("intel");
  if (const auto verdict = given.value("fail-at")) out.fail_at = TRY(model::parse_verdict(*verdict));
  out.seconds = TRY(given.seconds("for"));
  out.quiet = given.has("quiet");
  out.verbose = given.has("verbose");
  return out;
}

int complain(const Error& error, const Surroundings& around, Language language) {
  around.err << "davy: " << printable(describe(error)) << '\n';
  const auto advice = find_text("advice." + std::string(name_of(error.code)));
  if (advice && !error.context.empty())
    around.err << text(*advice, language, {{"what", printable(error.context)}}) << '\n';
  return kExitWrongUse;
}

int print_help(const CommandSpec& command, const Surroundings& around, Language language) {
  around.out << render_help(command, language);
  return 0;
}

}  // namespace davy::cli

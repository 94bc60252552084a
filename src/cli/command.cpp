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

Json in_both(TextId id, TextArguments arguments) {
  const Bilingual both = text_in_both(id, arguments);
  Json out = Json::object();
  out.set("zh", both.zh).set("en", both.en);
  return out;
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

Language language_asked_for(std::span<const std::string> words, Language otherwise) {
  constexpr std::string_view kJoined = "--lang=";
  for (std::size_t at = 0; at < words.size() && words[at] != "--"; ++at) {
    if (words[at].starts_with(kJoined)) otherwise = language_of(words[at].substr(kJoined.size()), otherwise);
    if (words[at] == "--lang" && at + 1 < words.size()) otherwise = language_of(words[at + 1], otherwise);
  }
  return otherwise;
}

void say_done(std::string_view command, TextId sentence, TextArguments arguments, const CommonChoices& choices,
              std::ostream& out) {
  if (choices.format == Format::text) {
    if (!choices.quiet) out << printable(text(sentence, choices.language, arguments)) << '\n';
    return;
  }
  const std::string_view id = dotted_name(sentence);
  Json done = Json::object();
  done.set("type", "done").set("command", command).set("outcome", id.substr(id.rfind('.') + 1));
  for (const auto& [name, value] : arguments) done.set(name, value);
  done.set("message", in_both(sentence, arguments));
  out << done.dump() << '\n';
}

int complain(const Error& error, const Surroundings& around, Language language) {
  around.err << "davy: " << printable(describe(error)) << '\n';
  const auto advice = find_text("advice." + std::string(name_of(error.code)));
  if (advice && (!error.context.empty() || error.code == ErrorCode::invalid_argument))
    around.err << text(*advice, language, {{"what", printable(error.context)}}) << '\n';
  return kExitWrongUse;
}

int print_help(const CommandSpec& command, const Surroundings& around, Language language) {
  around.out << render_help(command, language);
  return 0;
}

}  // namespace davy::cli

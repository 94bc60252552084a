// What every subcommand of `davy` shares: where it prints, in which language and form, and how it ends.
//
// A command is a function from words to an exit status. It prints results on `out`, everything else on `err`.
// Exit statuses are a contract (docs/contracts.md): scripts rely on them.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/arguments.h"
#include "base/config.h"
#include "base/text.h"
#include "model/verdict.h"

namespace davy::cli {

// Of commands that examine.
inline constexpr int kExitNothingFound = 0;
inline constexpr int kExitFound = 1;
inline constexpr int kExitWrongUse = 2;
inline constexpr int kExitIncomplete = 3;

// Of commands that do.
inline constexpr int kExitDone = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitPartly = 3;

enum class Format { text, json, jsonl };

// The outside of the process: streams, and the words of the environment that Davy heeds.
struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  Language language = Language::en;  // by locale, until --lang says otherwise
  bool err_is_terminal = false;
  bool out_is_terminal = false;
};

using Command = int (*)(std::span<const std::string> words, const Surroundings& around);

// The options that every command has: --format --lang --intel --config --fail-at --for -q -v.
std::vector<OptionSpec> common_options();

struct CommonChoices {
  Format format = Format::text;
  Language language = Language::en;
  std::optional<std::string> intel;  // path of a pack
  Settings settings;
  model::Verdict fail_at = model::Verdict::suspicious;
  std::optional<double> seconds;  // --for
  bool quiet = false;
  bool verbose = false;
};

// The common options of a parsed command line, over the configuration file. Errors name the wrong word.
Result<CommonChoices> read_common(const ParsedArguments& given, const Surroundings& around);

// The language that `--lang` names anywhere in the words, so that wrong words too are answered in it.
Language language_asked_for(std::span<const std::string> words, Language otherwise);

// Says that something was done: a sentence, or with --format json an object as in docs/contracts.md (type "done").
void say_done(std::string_view command, TextId sentence, TextArguments arguments, const CommonChoices& choices,
              std::ostream& out);

// Prints "davy: message" and what to do about it on err; returns kExitWrongUse.
int complain(const Error& error, const Surroundings& around, Language language);

// Prints the help page of a command on out; returns 0.
int print_help(const CommandSpec& command, const Surroundings& around, Language language);

}  // namespace davy::cli

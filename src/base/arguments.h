// The command line of one command: what it accepts, what was given, and its help page in two languages.
//
// Accepted forms: --name value, --name=value, -n value, -nvalue, flags --name and -n (joined: -qv), `--` ends options,
// a lone `-` is a positional word. An option given twice keeps its last value unless it is `repeated`.
// Pure functions on plain data; thread-safe. Errors: invalid_argument, naming the wrong word and the nearest option.
//
//   CommandSpec scan{.name = "davy scan", .summary = TextId::scan_summary};
//   scan.options = {{.name = "format", .value_name = "FORMAT", .help = TextId::option_format}};
//   scan.positionals = {{.name = "PATH", .help = TextId::scan_path, .required = true, .repeated = true}};
//   const ParsedArguments given = TRY(parse_arguments(scan, words));
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace davy {

inline constexpr std::size_t kArgumentsMax = 65'536;  // words on one command line

struct OptionSpec {
  std::string name = {};        // without dashes
  char short_name = '\0';       // none
  std::string value_name = {};  // as in --format FORMAT; empty: a flag
  TextId help{};
  std::vector<std::string> choices = {};  // when not empty, the only values allowed
  bool repeated = false;
};

struct PositionalSpec {
  std::string name = {};
  TextId help{};
  bool required = false;
  bool repeated = false;  // only the last one may be
};

struct ExampleSpec {
  std::string command = {};
  TextId meaning{};
};

struct CommandSpec {
  std::string name = {};  // "davy scan"
  TextId summary{};
  std::vector<OptionSpec> options = {};
  std::vector<PositionalSpec> positionals = {};
  std::vector<ExampleSpec> examples = {};
};

class ParsedArguments {
 public:
  bool has(std::string_view option) const { return values_.contains(option); }
  std::optional<std::string> value(std::string_view option) const;  // the last one given
  std::vector<std::string> values(std::string_view option) const;
  const std::vector<std::string>& positionals() const { return positionals_; }

  // The value as a number within [min, max]; nothing when not given.
  Result<std::optional<std::int64_t>> integer(std::string_view option, std::int64_t min, std::int64_t max) const;
  // "15s", "2m", "1h", "250ms" or plain seconds "0.5", as seconds; nothing when not given.
  Result<std::optional<double>> seconds(std::string_view option) const;

 private:
  friend class ArgumentParser;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> positionals_;
};

// `words` without the program's and the command's name. `--help` and `-h` are always accepted as the flag "help", and
// then nothing else is required.
Result<ParsedArguments> parse_arguments(const CommandSpec& command, std::span<const std::string> words);

// The nearest of `known` to a mistyped word, nothing when none is near (more than a third of its letters differ).
std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> known);

// "15s", "2m", "1h", "250ms" or plain seconds "0.5"; between 0 and a year.
Result<double> parse_seconds(std::string_view words);

std::string render_help(const CommandSpec& command, Language language);

}  // namespace davy

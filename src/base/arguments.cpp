#include "base/arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace davy {
namespace {

constexpr double kSecondsMax = 366.0 * 24 * 3600;

std::vector<std::string> names_of(const CommandSpec& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options) names.push_back(option.name);
  names.emplace_back("help");
  return names;
}

tl::unexpected<Error> wrong(std::string message, std::string_view word) {
  return fail(ErrorCode::invalid_argument, std::move(message), std::string(word));
}

// Edits (insert, delete, replace) that turn one word into the other, by the row-wise table of Wagner and Fischer.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

Result<double> unit_of(std::string_view suffix) {
  if (suffix.empty() || suffix == "s") return 1.0;
  if (suffix == "ms") return 0.001;
  if (suffix == "m") return 60.0;
  if (suffix == "h") return 3600.0;
  if (suffix == "d") return 86400.0;
  return fail(ErrorCode::invalid_argument, "a time ends in ms, s, m, h or d", std::string(suffix));
}

}  // namespace

class ArgumentParser {
 public:
  ArgumentParser(const CommandSpec& command, std::span<const std::string> words) : command_(command), words_(words) {}

  Result<ParsedArguments> run() {
    if (words_.size() > kArgumentsMax) return fail(ErrorCode::limit_exceeded, "too many words on the command line");
    bool options_ended = false;
    for (; at_ < words_.size(); ++at_) {
      const std::string_view word = words_[at_];
      if (options_ended || word == "-" || !word.starts_with('-')) TRY(take_positional(word));
      else if (word == "--") options_ended = true;
      else if (word.starts_with("--")) TRY(take_long(word.substr(2)));
      else TRY(take_short(word.substr(1)));
    }
    if (!parsed_.has("help")) TRY(check_required());
    return std::move(parsed_);
  }

 private:
  const OptionSpec* find(auto matches) const {
    const auto found = std::ranges::find_if(command_.options, matches);
    return found == command_.options.end() ? nullptr : &*found;
  }

  Status take_positional(std::string_view word) {
    const auto& specs = command_.positionals;
    const bool many = !specs.empty() && specs.back().repeated;
    if (!many && parsed_.positionals_.size() >= specs.size()) return wrong("unexpected word", word);
    parsed_.positionals_.emplace_back(word);
    return {};
  }

  Status take_long(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    std::optional<std::string_view> value;
    if (equals != std::string_view::npos) value = word.substr(equals + 1);
    const auto* option = find([&](const OptionSpec& spec) { return spec.name == name; });
    if (option != nullptr) return take(*option, value);
    if (name != "help") return unknown(name);
    parsed_.values_["help"];
    return {};
  }

  Status take_short(std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const char letter = letters[i];
      const auto* option = find([&](const OptionSpec& spec) { return spec.short_name == letter; });
      if (option == nullptr && letter == 'h') {
        parsed_.values_["help"];
      } else if (option == nullptr) {
        return wrong("unknown option", std::string{'-', letter});
      } else if (option->value_name.empty()) {
        TRY(take(*option, std::nullopt));
      } else {
        const std::string_view rest = letters.substr(i + 1);
        return take(*option, rest.empty() ? std::nullopt : std::optional(rest));
      }
    }
    return {};
  }

  Status take(const OptionSpec& option, std::optional<std::string_view> value) {
    const std::string shown = "--" + option.name;
    auto& values = parsed_.values_[option.name];
    if (option.value_name.empty()) {
      if (value) return wrong("this option takes no value", shown);
      return {};
    }
    if (!value && at_ + 1 >= words_.size()) return wrong("this option needs a value", shown + " " + option.value_name);
    const std::string given(value ? *value : std::string_view(words_[++at_]));
    if (!option.choices.empty() && std::ranges::find(option.choices, given) == option.choices.end())
      return wrong_choice(option, given);
    if (!option.repeated) values.clear();
    values.push_back(given);
    return {};
  }

  Status wrong_choice(const OptionSpec& option, const std::string& given) const {
    std::string known;
    for (const auto& choice : option.choices) known += (known.empty() ? "" : ", ") + choice;
    return wrong("--" + option.name + " must be one of " + known, given);
  }

  Status unknown(std::string_view name) const {
    const auto near = nearest_word(name, names_of(command_));
    return wrong(near ? "unknown option, did you mean --" + *near : "unknown option", "--" + std::string(name));
  }

  Status check_required() const {
    for (std::size_t i = parsed_.positionals_.size(); i < command_.positionals.size(); ++i)
      if (command_.positionals[i].required) return wrong("a word is missing", command_.positionals[i].name);
    return {};
  }

  const CommandSpec& command_;
  std::span<const std::string> words_;
  std::size_t at_ = 0;
  ParsedArguments parsed_;
};

Result<ParsedArguments> parse_arguments(const CommandSpec& command, std::span<const std::string> words) {
  return ArgumentParser(command, words).run();
}

std::optional<std::string> ParsedArguments::value(std::string_view option) const {
  const auto found = values_.find(option);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> ParsedArguments::values(std::string_view option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

Result<std::optional<std::int64_t>> ParsedArguments::integer(std::string_view option, std::int64_t min,
                                                             std::int64_t max) const {
  const auto words = value(option);
  if (!words) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(words->data(), words->data() + words->size(), number);
  if (error != std::errc() || end != words->data() + words->size() || number < min || number > max)
    return wrong("--" + std::string(option) + " must be a whole number from " + std::to_string(min) + " to " +
                     std::to_string(max),
                 *words);
  return std::optional(number);
}

Result<std::optional<double>> ParsedArguments::seconds(std::string_view option) const {
  const auto words = value(option);
  if (!words) return std::optional<double>();
  auto seconds = parse_seconds(*words);
  if (!seconds) return wrong("--" + std::string(option) + ": " + seconds.error().message, *words);
  return std::optional(*seconds);
}

Result<double> parse_seconds(std::string_view words) {
  double number = 0.0;
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return wrong("not a time such as 15s, 2m or 0.5", words);
  const double seconds = number * TRY(unit_of(words.substr(static_cast<std::size_t>(end - words.data()))));
  if (seconds < 0.0 || seconds > kSecondsMax) return wrong("a time lies between 0 and 366 days", words);
  return seconds;
}

std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> known) {
  std::optional<std::string> best;
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
  if (word.size() > 64) return best;
  for (const auto& candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

namespace {

struct HelpRow {
  std::string left;
  std::string right;
};

std::string option_label(const OptionSpec& option) {
  const std::string shown = option.short_name == '\0' ? "    --" : std::string("-") + option.short_name + ", --";
  return shown + option.name + (option.value_name.empty() ? "" : " " + option.value_name);
}

std::string option_meaning(const OptionSpec& option, Language language) {
  std::string meaning = text(option.help, language);
  if (option.choices.empty()) return meaning;
  std::string choices;
  for (const auto& choice : option.choices) choices += (choices.empty() ? "" : ", ") + choice;
  meaning += language == Language::zh ? "，" : "; ";
  return meaning + text(TextId::help_choices, language, {{"choices", choices}});
}

std::string usage_line(const CommandSpec& command, Language language) {
  std::string line =
      text(TextId::help_usage, language) + ": " + command.name + " [" + text(TextId::help_option_words, language) + "]";
  for (const auto& positional : command.positionals) {
    const std::string shown = positional.name + (positional.repeated ? "..." : "");
    line += positional.required ? " " + shown : " [" + shown + "]";
  }
  return line + "\n";
}

void append_section(std::string& out, TextId title, Language language, const std::vector<HelpRow>& rows) {
  if (rows.empty()) return;
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, display_width(row.left));
  out.append("\n").append(text(title, language)).append(":\n");
  for (const auto& row : rows)
    out.append("  ").append(pad_to(row.left, width)).append("  ").append(row.right).append("\n");
}

}  // namespace

std::string render_help(const CommandSpec& command, Language language) {
  std::vector<HelpRow> arguments;
  std::vector<HelpRow> options;
  std::vector<HelpRow> examples;
  for (const auto& positional : command.positionals)
    arguments.push_back({positional.name, text(positional.help, language)});
  for (const auto& option : command.options)
    options.push_back({option_label(option), option_meaning(option, language)});
  options.push_back({"-h, --help", text(TextId::help_help, language)});
  for (const auto& example : command.examples) examples.push_back({example.command, text(example.meaning, language)});
  std::string out = usage_line(command, language) + "\n" + text(command.summary, language) + "\n";
  append_section(out, TextId::help_arguments, language, arguments);
  append_section(out, TextId::help_options, language, options);
  append_section(out, TextId::help_examples, language, examples);
  return out;
}

}  // namespace davy

// Every text that people read, in Chinese and English, by id.
//
// The table is compiled from data/text/*.yaml by tools/compile_text.py, which refuses a missing language, a duplicate
// id and arguments that differ between languages; so a TextId that compiles has both texts. Key `check.verdict.clear`
// is TextId::check_verdict_clear. Pure functions over a constant table; thread-safe.
//
//   const std::string line = text(TextId::advice_not_found, Language::en, {{"what", path}});
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace davy {

enum class Language { zh, en };

enum class TextId : std::uint16_t {
#include "base/text_ids.inc"
};

struct Bilingual {
  std::string zh;
  std::string en;

  const std::string& in(Language language) const { return language == Language::zh ? zh : en; }
  friend bool operator==(const Bilingual&, const Bilingual&) = default;
};

using TextArguments = std::initializer_list<std::pair<std::string_view, std::string>>;

// The text with `{name}` replaced by the argument of that name; an argument not given stays visible as `{name}`.
std::string text(TextId id, Language language, TextArguments arguments = {});
Bilingual text_in_both(TextId id, TextArguments arguments = {});

// `{name}` replaced by arguments in any template, `{{` and `}}` are single braces. For texts that come with data
// (evidence catalogue, intel) rather than from the table.
std::string fill_in(std::string_view pattern, TextArguments arguments);

// Ids by their dotted name, for data that refers to texts ("check.verdict.clear"), and back.
std::optional<TextId> find_text(std::string_view dotted);
std::string_view dotted_name(TextId id);
std::size_t text_count();

// The language of a person, from the values of LC_ALL, LC_MESSAGES and LANG: the first that is not empty decides,
// zh* is Chinese, anything else English.
Language language_from_locale(std::string_view lc_all, std::string_view lc_messages, std::string_view lang);

// Terminal cells that valid UTF-8 takes: two for East Asian wide characters, none for combining marks.
std::size_t display_width(std::string_view utf8);

// The text with spaces behind it up to `cells` cells; longer texts stay whole.
std::string pad_to(std::string_view utf8, std::size_t cells);

}  // namespace davy

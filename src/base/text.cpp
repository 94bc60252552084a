#include "base/text.h"

#include <algorithm>
#include <span>

namespace davy {
namespace {

struct Row {
  std::string_view name;
  std::string_view zh;
  std::string_view en;
};

constexpr Row kTable[] = {
#include "base/text_table.inc"
};

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15 East Asian Width W and F, joined into blocks where the gaps hold nothing printable in our texts.
constexpr Range kWide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0xa4cf},
    {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

constexpr Range kNoWidth[] = {
    {0x0000, 0x001f}, {0x007f, 0x009f}, {0x0300, 0x036f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},
};

bool within(std::span<const Range> ranges, char32_t point) {
  return std::ranges::any_of(ranges, [&](const Range& r) { return point >= r.first && point <= r.last; });
}

// The code point at `at`, moving past it; a byte that starts nothing whole counts as U+FFFD.
char32_t next_point(std::string_view utf8, std::size_t& at) {
  const auto first = static_cast<unsigned char>(utf8[at++]);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || utf8.size() - at < more) return 0xfffd;
  char32_t point = first & (0x3fU >> more);
  for (std::size_t i = 0; i < more; ++i) point = point << 6 | (static_cast<unsigned char>(utf8[at + i]) & 0x3fU);
  at += more;
  return point;
}

const Row& row_of(TextId id) { return kTable[std::min(static_cast<std::size_t>(id), std::size(kTable) - 1)]; }

// Appends the argument that opens at pattern[at] == '{' (or the brace itself) and returns where to go on.
std::size_t append_argument(std::string& out, std::string_view pattern, std::size_t at, TextArguments arguments) {
  const std::size_t end = pattern.find('}', at);
  const std::string_view name = pattern.substr(at + 1, end == std::string_view::npos ? 0 : end - at - 1);
  for (const auto& [given, value] : arguments) {
    if (end == std::string_view::npos || given != name) continue;
    out += value;
    return end + 1;
  }
  out.push_back('{');
  return at + 1;
}

}  // namespace

std::string fill_in(std::string_view pattern, TextArguments arguments) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    const bool doubled = (c == '{' || c == '}') && at + 1 < pattern.size() && pattern[at + 1] == c;
    if (c == '{' && !doubled) {
      at = append_argument(out, pattern, at, arguments);
      continue;
    }
    out.push_back(c);
    at += doubled ? 2 : 1;
  }
  return out;
}

std::string text(TextId id, Language language, TextArguments arguments) {
  const Row& row = row_of(id);
  return fill_in(language == Language::zh ? row.zh : row.en, arguments);
}

Bilingual text_in_both(TextId id, TextArguments arguments) {
  return {text(id, Language::zh, arguments), text(id, Language::en, arguments)};
}

std::optional<TextId> find_text(std::string_view dotted) {
  const auto* found = std::ranges::lower_bound(kTable, dotted, {}, &Row::name);
  if (found == std::end(kTable) || found->name != dotted) return std::nullopt;
  return static_cast<TextId>(found - std::begin(kTable));
}

std::string_view dotted_name(TextId id) { return row_of(id).name; }

std::size_t text_count() { return std::size(kTable); }

Language language_from_locale(std::string_view lc_all, std::string_view lc_messages, std::string_view lang) {
  for (const std::string_view locale : {lc_all, lc_messages, lang})
    if (!locale.empty()) return locale.starts_with("zh") ? Language::zh : Language::en;
  return Language::en;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t cells = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t point = next_point(utf8, at);
    if (!within(kNoWidth, point)) cells += within(kWide, point) ? 2 : 1;
  }
  return cells;
}

std::string pad_to(std::string_view utf8, std::size_t cells) {
  const std::size_t width = display_width(utf8);
  std::string out(utf8);
  out.append(cells > width ? cells - width : 0, ' ');
  return out;
}

}  // namespace davy

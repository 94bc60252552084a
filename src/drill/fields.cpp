#include "drill/fields.h"

#include <charconv>

namespace davy::drill {
namespace {

std::size_t skip_spaces(std::string_view line, std::size_t at) {
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  return at;
}

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::size_t value_position(std::string_view line, MaskedView name, std::size_t from) {
  for (std::size_t at = find(line, name, from); at != std::string_view::npos; at = find(line, name, at + 1)) {
    const std::size_t behind = at + name.size;
    if (at == 0 || line[at - 1] != '"' || behind >= line.size() || line[behind] != '"') continue;
    const std::size_t colon = skip_spaces(line, behind + 1);
    if (colon < line.size() && line[colon] == ':') return skip_spaces(line, colon + 1);
  }
  return std::string_view::npos;
}

std::optional<std::string_view> string_field(std::string_view line, MaskedView name, std::size_t from) {
  for (std::size_t at = value_position(line, name, from); at != std::string_view::npos;
       at = value_position(line, name, at)) {
    if (at >= line.size() || line[at] != '"') continue;
    const std::size_t end = line.find_first_of("\"\\", at + 1);
    if (end == std::string_view::npos || line[end] != '"') return std::nullopt;
    return line.substr(at + 1, end - at - 1);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number_field(std::string_view line, MaskedView name, std::size_t from) {
  const std::size_t at = value_position(line, name, from);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(line.data() + at, line.data() + line.size(), number);
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

std::optional<std::size_t> read_hex(std::string_view text, std::span<std::uint8_t> out, bool shorter_allowed) {
  const std::size_t count = text.size() / 2;
  if (text.size() % 2 != 0 || count > out.size() || (count < out.size() && !shorter_allowed)) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return count;
}

}  // namespace davy::drill

// Finds single values in one line of JSON, in place, without copying anything out of the buffer.
//
// No full parser on purpose: a parser's tree would leave readable copies behind, which the scrubbed twin must not do.
// Good enough for the short lines of the exercise's own conversation; anything unusual (escapes in a string, a value
// that is an object) is simply not found. Pure functions; thread-safe; foreign bytes welcome.
//
//   const auto blob = string_field(line, mask("blob"));
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "drill/masked.h"

namespace davy::drill {

// The first string value of that name at or behind `from`; views into `line`.
std::optional<std::string_view> string_field(std::string_view line, MaskedView name, std::size_t from = 0);

std::optional<std::uint64_t> number_field(std::string_view line, MaskedView name, std::size_t from = 0);

// Where the member's value begins, npos when there is no such member.
std::size_t value_position(std::string_view line, MaskedView name, std::size_t from = 0);

// Hexadecimal of exactly out.size() bytes, or of at most that many when `shorter_allowed`; the count read.
std::optional<std::size_t> read_hex(std::string_view text, std::span<std::uint8_t> out, bool shorter_allowed = false);

}  // namespace davy::drill

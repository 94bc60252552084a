// Text line by line, without copying. Pure; thread-safe.
//
//   while (!text.empty()) read(take_line(text));
#pragma once

#include <algorithm>
#include <string_view>

namespace davy {

// Takes the first line from the front of `text`, without its newline; the last one need not have any.
inline std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

}  // namespace davy

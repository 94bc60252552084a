// YAML as we write knowledge in it, read into Json: mappings, sequences and scalars, nothing clever.
//
// One document. Anchors, aliases, tags and keys given twice are refused. A plain scalar is a number (decimal; with a
// point for fractions), true, false or null (empty, ~); everything else, and everything in quotes, is text. So digits
// that are meant as text ("0123", hexadecimal constants) are quoted.
//
// Pure function, thread-safe; not in builds without yaml-cpp. Limits: kYamlBytesMax and the three below it.
// Errors: malformed, limit_exceeded; the message has the line, `where` becomes the context.
//
//   const Json ports = TRY(parse_yaml(as_text(TRY(read_file(path, kYamlBytesMax))), path));
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace davy::intel {

inline constexpr std::size_t kYamlBytesMax = 4U << 20;
inline constexpr std::size_t kYamlDepthMax = 24;
inline constexpr std::size_t kYamlNodesMax = 1'000'000;
inline constexpr std::size_t kYamlKeysMax = 1'000;  // of one mapping

Result<Json> parse_yaml(std::string_view text, const std::string& where);

}  // namespace davy::intel

// TOML text as a JSON value, for files of tables that are no settings (config.h): tables become objects, dates become
// text in RFC 3339. Pure; thread-safe; needs toml++ (config_toml.cpp, where its weak spots are fenced). Limits:
// kConfigBytesMax, kConfigDepthMax. Errors: malformed and limit_exceeded, with file and line.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace davy {

Result<Json> parse_toml(std::string_view text, const std::string& source);

}  // namespace davy

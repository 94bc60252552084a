// The version of this Davy, as every summary shows it.
#pragma once

#include <string_view>

namespace davy::cli {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace davy::cli

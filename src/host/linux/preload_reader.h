// The library list that the dynamic linker loads into every program (/etc/ld.so.preload), read past any such library.
#pragma once

#include <optional>
#include <string>

#include "host/linux/package_owner.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::size_t kPreloadBytesMax = 64U << 10;
inline constexpr std::size_t kPreloadLibrariesMax = 64;
inline constexpr const char* kPreloadPath = "/etc/ld.so.preload";

// Nothing when neither way of reading shows a library. Thread-safe. Errors: the file is there and cannot be read.
Result<std::optional<model::PreloadSeen>> read_preload(const std::string& path = kPreloadPath);

// Names in the text of such a file: separated by spaces, tabs, colons or newlines, "#" starts a comment.
std::vector<std::string> preload_names(std::string_view text);

void place_preload(model::PreloadSeen& seen, const PackageAnswers& packages);

}  // namespace davy::host

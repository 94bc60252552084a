// The path of a program as the kernel names it: with " (deleted)" behind it once the file is gone. Pure; thread-safe.
#pragma once

#include <string_view>

namespace davy::host {

inline constexpr std::string_view kDeletedMark = " (deleted)";

inline bool is_deleted(std::string_view path) { return path.ends_with(kDeletedMark); }

inline std::string_view without_deleted_mark(std::string_view path) {
  return is_deleted(path) ? path.substr(0, path.size() - kDeletedMark.size()) : path;
}

// The name of a file without its folders and without the mark.
inline std::string_view base_name(std::string_view path) {
  path = without_deleted_mark(path);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace davy::host

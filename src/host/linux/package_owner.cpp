#include "host/linux/package_owner.h"

#include <dirent.h>
#include <fcntl.h>

#include <string_view>
#include <unordered_map>

#include "base/file.h"
#include "base/json.h"
#include "base/lines.h"

namespace davy::host {
namespace {

constexpr std::string_view kListEnding = ".md5sums";
constexpr std::size_t kMd5Digits = 32;

// By the name that a list may have for it (no leading slash) -> the path that was asked for.
using Wanted = std::unordered_map<std::string_view, const std::string*>;

void search_list(std::string_view list, const std::string& package, const Wanted& wanted, PackageAnswers& out) {
  while (!list.empty()) {
    const std::string_view line = take_line(list);
    if (line.size() < kMd5Digits + 3) continue;
    const auto at = wanted.find(line.substr(kMd5Digits + 2));
    if (at != wanted.end()) out.owners[*at->second] = {package, std::string(line.substr(0, kMd5Digits))};
  }
}

std::string package_in(std::string_view file_name) {
  const std::string_view stem = file_name.substr(0, file_name.size() - kListEnding.size());
  return printable(stem.substr(0, stem.find(':')));  // "libc6:amd64.md5sums"
}

void search_folder(int folder_fd, DIR* folder, const Wanted& wanted, PackageAnswers& out) {
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (!name.ends_with(kListEnding)) continue;
    const auto list = read_file_at(folder_fd, entry->d_name, kPackageListBytesMax);
    if (list) search_list(as_text(*list), package_in(name), wanted, out);
  }
}

}  // namespace

std::string PackageAnswers::state_of(const std::string& path, const std::string& md5) const {
  if (!known || md5.empty()) return "unknown";
  const auto at = owners.find(path);
  if (at == owners.end()) return "unowned";
  return at->second.md5 == md5 ? "unchanged" : "changed";
}

std::string PackageAnswers::package_of(const std::string& path) const {
  const auto at = owners.find(path);
  return at == owners.end() ? std::string() : at->second.package;
}

PackageAnswers find_packages(const std::vector<std::string>& paths, const std::string& folder) {
  PackageAnswers out;
  std::vector<std::string> merged;  // the other name of each file on a system with a merged /usr
  merged.reserve(paths.size());
  Wanted wanted;
  for (const std::string& path : paths) {
    if (path.size() < 2 || path[0] != '/') continue;
    merged.push_back(path.starts_with("/usr/") ? path.substr(5) : "usr" + path);
    wanted.emplace(std::string_view(path).substr(1), &path);
    wanted.emplace(merged.back(), &path);
  }
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  DIR* entries = fd ? ::opendir(folder.c_str()) : nullptr;
  if (entries == nullptr) return out;
  out.known = true;
  if (!wanted.empty()) search_folder(fd.get(), entries, wanted, out);
  ::closedir(entries);
  return out;
}

}  // namespace davy::host

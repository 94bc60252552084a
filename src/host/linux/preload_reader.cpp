#include "host/linux/preload_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/file.h"
#include "base/json.h"

namespace davy::host {
namespace {

// By system calls alone: a preloaded library can replace open(2) and read(2) of the C library, not the kernel's.
Result<std::string> read_by_system_call(const std::string& path) {
  const UniqueFd fd(
      static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)));
  if (!fd && errno == ENOENT) return std::string();
  if (!fd) return fail_errno(errno, "cannot open", path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))  // a pipe would hold up whoever reads it
    return fail(ErrorCode::malformed, "this is no regular file", path);
  std::string out(kPreloadBytesMax, '\0');
  const long got = ::syscall(SYS_read, fd.get(), out.data(), out.size());
  if (got < 0) return fail_errno(errno, "cannot read", path);
  out.resize(static_cast<std::size_t>(got));
  return out;
}

std::string read_by_library(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return {};
  std::string out(kPreloadBytesMax, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), file));
  std::fclose(file);
  return out;
}

}  // namespace

std::vector<std::string> preload_names(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty() && out.size() < kPreloadLibrariesMax) {
    if (text[0] == '#') {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
      continue;
    }
    const std::string_view name = text.substr(0, text.find_first_of(" \t\n:"));
    if (!name.empty()) out.push_back(printable(name));
    text.remove_prefix(std::min(name.size() + 1, text.size()));
  }
  return out;
}

Result<std::optional<model::PreloadSeen>> read_preload(const std::string& path) {
  const std::string raw = TRY(read_by_system_call(path));
  const std::string shown = read_by_library(path);
  model::PreloadSeen out;
  out.path = path, out.libraries = preload_names(raw), out.library_disagrees = raw != shown;
  if (out.libraries.empty() && !out.library_disagrees) return std::nullopt;
  return out;
}

void place_preload(model::PreloadSeen& seen, const PackageAnswers& packages) {
  seen.packages.clear();
  for (const std::string& library : seen.libraries) seen.packages.push_back(packages.package_of(library));
}

}  // namespace davy::host

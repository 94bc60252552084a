#include "drill/hide.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "drill/masked.h"

namespace davy::drill {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kProgramBytesMax = 64U << 20;
constexpr std::uintmax_t kEtcBytesMax = 128U << 20;
constexpr std::size_t kEtcEntriesMax = 50'000;

std::string proc_path(int pid) { return "/proc/" + std::to_string(pid); }

Status enter_private_namespace() {
  if (unshare(CLONE_NEWNS) != 0) return fail_errno(errno, "cannot make a private mount namespace (root is needed)");
  return {};
}

Status stop_propagation() {
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return fail_errno(errno, "mounts stay shared");
  return {};
}

Status cover_with_empty_folder(int pid) {
  std::string folder = "/tmp/davy-drill.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return fail_errno(errno, "cannot make a folder", folder);
  const bool covered = mount(folder.c_str(), proc_path(pid).c_str(), nullptr, MS_BIND, nullptr) == 0;
  const int number = errno;
  rmdir(folder.c_str());
  if (!covered) return fail_errno(number, "cannot cover the process's folder", proc_path(pid));
  return {};
}

Result<std::string> hider_library() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  const fs::path library = program.parent_path() / "libdavy_drill_hider.so";
  if (failed || !fs::exists(library, failed)) return fail(ErrorCode::not_found, "no library to hide with", library);
  return library.string();
}

std::string hiding_order(const HideRequest& request) {
  return std::to_string(request.pid) + ":" + std::to_string(std::time(nullptr) + request.seconds);
}

Status copy_entry(const fs::directory_entry& entry, const fs::path& to, std::uintmax_t& bytes) {
  std::error_code failed;
  if (entry.is_symlink(failed)) {
    fs::copy_symlink(entry.path(), to, failed);
  } else if (entry.is_directory(failed)) {
    fs::create_directory(to, entry.path(), failed);
  } else if (entry.is_regular_file(failed)) {
    bytes += entry.file_size(failed);
    if (bytes > kEtcBytesMax) return fail(ErrorCode::limit_exceeded, "/etc is too large to copy");
    fs::copy_file(entry.path(), to, failed);
  }
  if (failed) return fail(ErrorCode::io, "cannot copy: " + failed.message(), entry.path());
  return {};
}

// `/etc` of this namespace becomes a copy in memory, so that a file can be added without touching the real one.
Status replace_etc() {
  const UniqueFd old(open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!old) return fail_errno(errno, "cannot read /etc");
  if (mount("tmpfs", "/etc", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=256m") != 0)
    return fail_errno(errno, "cannot mount over /etc");
  const fs::path from = "/proc/self/fd/" + std::to_string(old.get());
  std::error_code failed;
  std::uintmax_t bytes = 0;
  std::size_t entries = 0;
  for (auto at = fs::recursive_directory_iterator(from, failed); !failed && at != fs::recursive_directory_iterator();
       at.increment(failed)) {
    if (++entries > kEtcEntriesMax) return fail(ErrorCode::limit_exceeded, "/etc has too many entries to copy");
    TRY(copy_entry(*at, fs::path("/etc") / at->path().lexically_relative(from), bytes));
  }
  if (failed) return fail(ErrorCode::io, "cannot walk /etc: " + failed.message());
  return {};
}

Status preload_by_etc(const HideRequest& request) {
  const std::string library = TRY(hider_library());
  TRY(replace_etc());
  const std::string placed = "/etc/libnss-cache.so";
  std::error_code failed;
  fs::copy_file(library, placed, failed);
  if (failed) return fail(ErrorCode::io, "cannot place the library: " + failed.message());
  TRY(write_file_durably(placed + ".hide", as_bytes(hiding_order(request)), 0644));
  return write_file_durably("/etc/ld.so.preload", as_bytes(placed + "\n"), 0644);
}

Status preload_by_environment(const HideRequest& request) {
  if (request.command.empty()) return fail(ErrorCode::invalid_argument, "preload needs -- COMMAND or --etc");
  setenv("LD_PRELOAD", TRY(hider_library()).c_str(), 1);
  setenv("DAVY_DRILL_HIDE", hiding_order(request).c_str(), 1);
  return {};
}

bool needs_mounts(const HideRequest& request) { return !request.preload || request.etc; }

}  // namespace

Result<bool> is_twin(int pid) {
  const Bytes own = TRY(read_file("/proc/self/exe", kProgramBytesMax));
  const auto other = read_file(proc_path(pid) + "/exe", kProgramBytesMax);
  if (!other && other.error().code == ErrorCode::limit_exceeded) return false;
  if (!other) return tl::unexpected<Error>(other.error());
  return std::ranges::equal(own, *other);
}

Status require_private_mounts() {
  struct stat first {};
  struct stat own {};
  if (stat("/proc/1/ns/mnt", &first) != 0 || stat("/proc/self/ns/mnt", &own) != 0)
    return fail_errno(errno, "refused: cannot tell whether this mount namespace is private");
  if (first.st_ino == own.st_ino && first.st_dev == own.st_dev)
    return fail(ErrorCode::permission_denied,
                "refused: this is the mount namespace of process 1, and hiding here would change the whole machine; "
                "run it under `unshare --mount`, or give -- COMMAND");
  return {};
}

Status hide(const HideRequest& request) {
  if (!TRY(is_twin(request.pid)))
    return fail(ErrorCode::permission_denied, "refused: only a twin can be hidden", std::to_string(request.pid));
  if (needs_mounts(request)) {
    if (request.command.empty()) TRY(require_private_mounts());  // process 1 may not be ours to look at
    else TRY(enter_private_namespace());                         // just made, so private
    TRY(stop_propagation());
  }
  if (!request.preload) TRY(cover_with_empty_folder(request.pid));
  else if (request.etc) TRY(preload_by_etc(request));
  else TRY(preload_by_environment(request));
  if (request.command.empty()) return {};
  execvp(request.command[0], request.command.data());
  return fail_errno(errno, "cannot run the command", request.command[0]);
}

}  // namespace davy::drill

#include "host/linux/proc_root.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string_view>

#include "host/linux/proc_stat.h"

namespace davy::host {
namespace {

struct LinuxDirent {  // of getdents64(2)
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

std::int64_t pid_of(std::string_view name) {
  std::int64_t pid = 0;
  const auto result = std::from_chars(name.data(), name.data() + name.size(), pid);
  return result.ec == std::errc() && result.ptr == name.data() + name.size() ? pid : 0;
}

// fsopen, fsconfig, fsmount (kernel 5.2): a mount that belongs to nobody's tree.
int open_detached() {
  const UniqueFd context(static_cast<int>(::syscall(SYS_fsopen, "proc", 1U /* FSOPEN_CLOEXEC */)));
  if (!context) return -1;
  if (::syscall(SYS_fsconfig, context.get(), 6U /* FSCONFIG_CMD_CREATE */, nullptr, nullptr, 0) != 0) return -1;
  return static_cast<int>(::syscall(SYS_fsmount, context.get(), 1U /* FSMOUNT_CLOEXEC */, 0U));
}

// The last process number given out, from /proc/loadavg ("... 3/412 98765").
std::int64_t last_pid(int proc_fd) {
  const auto text = read_proc(proc_fd, "loadavg", 256);
  if (!text) return kProbedPidMax;
  const std::size_t at = text->rfind(' ');
  std::string_view word = at == std::string::npos ? std::string_view() : std::string_view(*text).substr(at + 1);
  while (!word.empty() && word.back() == '\n') word.remove_suffix(1);
  return pid_of(word);
}

// A number can also be a thread's: only the leader of its group counts.
bool is_process(int proc_fd, std::int64_t pid) {
  const auto status = read_proc(proc_fd, std::to_string(pid) + "/status", 4096);
  if (!status) return status.error().code == ErrorCode::not_found;  // any other failure is ours
  const auto group = parse_status_field(*status, "Tgid");
  return group && *group == static_cast<std::uint64_t>(pid);
}

}  // namespace

Result<ProcRoot> ProcRoot::open() {
  ProcRoot out;
  out.fd_.reset(open_detached());
  out.detached_ = static_cast<bool>(out.fd_);
  if (out.detached_) return out;
  out.why_ = describe(fail_errno(errno, "cannot mount a procfs of its own").value());
  out.fd_.reset(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!out.fd_) return fail_errno(errno, "cannot open the procfs", "/proc");
  return out;
}

Result<std::set<std::int64_t>> pids_by_system_call(int proc_fd) {
  const UniqueFd fd(::openat(proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, "cannot open the procfs", "/proc");
  std::set<std::int64_t> out;
  alignas(LinuxDirent) char buffer[32'768];
  for (;;) {
    const long got = ::syscall(SYS_getdents64, fd.get(), buffer, sizeof buffer);
    if (got < 0) return fail_errno(errno, "cannot list the procfs", "/proc");
    if (got == 0) return out;
    for (long at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const LinuxDirent*>(buffer + at);
      if (const std::int64_t pid = pid_of(entry->name); pid > 0) out.insert(pid);
      at += entry->length;
    }
  }
}

Result<std::set<std::int64_t>> pids_by_library() {
  std::set<std::int64_t> out;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return fail_errno(errno, "cannot open the procfs", "/proc");
  while (const dirent* entry = ::readdir(folder))
    if (const std::int64_t pid = pid_of(entry->d_name); pid > 0) out.insert(pid);
  ::closedir(folder);
  return out;
}

Result<std::set<std::int64_t>> pids_by_probing(const std::set<std::int64_t>& listed) {
  const UniqueFd proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!proc) return fail_errno(errno, "cannot open the procfs", "/proc");
  std::set<std::int64_t> out;
  const std::int64_t end = std::min(last_pid(proc.get()), kProbedPidMax);
  for (std::int64_t pid = 1; pid <= end; ++pid) {
    if (listed.contains(pid)) continue;
    const bool answers = ::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM;
    if (answers && is_process(proc.get(), pid)) out.insert(pid);
  }
  return out;
}

bool is_covered(std::int64_t pid) {
  const UniqueFd proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto line = read_proc(proc.get(), std::to_string(pid) + "/stat", kStatBytesMax);
  if (!line)  // a folder without it; any other failure, such as too many open files, is ours
    return line.error().code == ErrorCode::not_found &&
           ::faccessat(proc.get(), std::to_string(pid).c_str(), F_OK, 0) == 0;
  const auto stat = parse_proc_stat(*line);
  return stat && stat->pid != pid;
}

Result<std::string> read_proc(int proc_fd, const std::string& path, std::size_t bytes_max) {
  const UniqueFd fd(::openat(proc_fd, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail_errno(errno, "cannot open", path);
  std::string out(bytes_max, '\0');
  std::size_t have = 0;
  while (have < bytes_max) {
    const ssize_t got = ::read(fd.get(), out.data() + have, bytes_max - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(errno, "cannot read", path);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  out.resize(have);
  return out;
}

}  // namespace davy::host

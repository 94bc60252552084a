#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <map>
#include <utility>

#include "host/linux/proc_root.h"
#include "host/linux/proc_stat.h"
#include "host/linux/task_walk.h"

namespace davy::host {
namespace {

constexpr std::uint64_t kKernelThreadFlag = 0x0020'0000;  // PF_KTHREAD

// The inode number in a namespace link such as "net:[4026531840]"; 0 when unreadable.
std::uint32_t namespace_of(int proc_fd, const std::string& path) {
  char target[64];
  const ssize_t length = ::readlinkat(proc_fd, path.c_str(), target, sizeof target);
  if (length <= 0) return 0;
  const std::string_view text(target, static_cast<std::size_t>(length));
  const std::size_t open = text.find('[');
  std::uint32_t value = 0;
  if (open != std::string_view::npos) std::from_chars(text.data() + open + 1, text.data() + text.size(), value);
  return value;
}

class ProcTaskWalker final : public TaskWalker {
 public:
  explicit ProcTaskWalker(int proc_fd)
      : proc_fd_(proc_fd), tick_ns_(1'000'000'000ULL / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK))) {}

  Result<std::vector<TaskRecord>> walk(const WalkScope& scope) override {
    std::vector<TaskRecord> out;
    for (const std::int64_t pid : TRY(pids_by_system_call(proc_fd_))) {
      if (scope.watched != nullptr && !scope.watched->contains(pid)) continue;
      walk_process(pid, scope, out);
    }
    return out;
  }

  Result<std::vector<SocketOwner>> socket_owners() override {
    std::vector<SocketOwner> out;
    for (const std::int64_t pid : TRY(pids_by_system_call(proc_fd_))) sockets_of(pid, out);
    return out;
  }

  std::string_view id() const override { return "proc.tasks"; }
  std::string_view source() const override { return "proc"; }
  std::uint64_t records_lost() const override { return lost_; }

 private:
  // Whether the process as a whole used time since the last call: a process's own stat adds up its threads.
  bool has_advanced(const TaskRecord& leader) {
    if (totals_.size() >= kTasksMax) totals_.clear();  // long gone ones; the rest is written once more
    const auto [at, is_new] = totals_.try_emplace(leader.pid, leader.cpu_ns);
    return is_new || std::exchange(at->second, leader.cpu_ns) != leader.cpu_ns;
  }

  void walk_process(std::int64_t pid, const WalkScope& scope, std::vector<TaskRecord>& out) {
    const std::string folder = std::to_string(pid);
    auto leader = record_of(folder, pid, pid);
    if (!leader) return;  // it died in mid-look, or may not be seen
    if (!has_advanced(*leader) && scope.only_advanced && !leader->stopped) return;
    fill_process(folder, *leader);
    const UniqueFd tasks(
        scope.only_leaders ? -1 : ::openat(proc_fd_, (folder + "/task").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!tasks) return add(*leader, out);
    const auto tids = pids_by_system_call(tasks.get());
    if (!tids) return add(*leader, out);
    for (const std::int64_t tid : *tids) {
      auto thread = record_of(folder + "/task/" + std::to_string(tid), pid, tid);
      if (!thread) continue;
      thread->parent_pid = leader->parent_pid, thread->start_boottime_ns = leader->start_boottime_ns;
      thread->exe_inode = leader->exe_inode, thread->exe_device = leader->exe_device,
      thread->exe_links = leader->exe_links;
      thread->net_namespace = leader->net_namespace;
      if (tid == pid) {
        thread->uid = leader->uid, thread->voluntary_switches = leader->voluntary_switches;
        thread->pid_namespace = leader->pid_namespace, thread->mount_namespace = leader->mount_namespace;
      }
      add(*thread, out);
    }
  }

  void add(const TaskRecord& record, std::vector<TaskRecord>& out) {
    if (out.size() == kTasksMax) ++lost_;
    else out.push_back(record);
  }

  Result<TaskRecord> record_of(const std::string& folder, std::int64_t pid, std::int64_t tid) {
    const std::string line = TRY(read_proc(proc_fd_, folder + "/stat", kStatBytesMax));
    const ProcStat stat = TRY(parse_proc_stat(line));
    TaskRecord out;
    out.pid = pid, out.tid = tid, out.parent_pid = stat.parent_pid, out.comm = stat.comm;
    out.cpu_ns = (stat.utime_ticks + stat.stime_ticks) * tick_ns_;
    out.start_boottime_ns = stat.start_ticks * tick_ns_;
    out.kernel_thread = (stat.flags & kKernelThreadFlag) != 0, out.has_user_memory = stat.virtual_bytes > 0;
    out.stopped = stat.state == 'T' || stat.state == 't', out.last_cpu = stat.last_cpu;
    return out;
  }

  void fill_process(const std::string& folder, TaskRecord& out) {
    struct stat info {};
    if (::fstatat(proc_fd_, folder.c_str(), &info, 0) == 0) out.uid = info.st_uid;
    if (!out.has_user_memory) return;
    if (::fstatat(proc_fd_, (folder + "/exe").c_str(), &info, 0) == 0) {
      out.exe_inode = info.st_ino, out.exe_device = info.st_dev;
      out.exe_links = static_cast<std::uint32_t>(info.st_nlink);
    }
    out.net_namespace = namespace_of(proc_fd_, folder + "/ns/net");
    out.pid_namespace = namespace_of(proc_fd_, folder + "/ns/pid");
    out.mount_namespace = namespace_of(proc_fd_, folder + "/ns/mnt");
    const auto status = read_proc(proc_fd_, folder + "/status", 4096);
    if (status) out.voluntary_switches = parse_status_field(*status, "voluntary_ctxt_switches").value_or(0);
  }

  void sockets_of(std::int64_t pid, std::vector<SocketOwner>& out) {
    const std::string folder = std::to_string(pid) + "/fd";
    const UniqueFd fds(::openat(proc_fd_, folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fds) return;
    const auto numbers = pids_by_system_call(fds.get());  // descriptors are listed by number, as processes are
    if (!numbers) return;
    for (const std::int64_t number : *numbers) {
      char target[64];
      const ssize_t length = ::readlinkat(fds.get(), std::to_string(number).c_str(), target, sizeof target);
      const std::string_view text(target, length > 0 ? static_cast<std::size_t>(length) : 0);
      if (!text.starts_with("socket:[")) continue;
      std::uint64_t inode = 0;
      std::from_chars(text.data() + 8, text.data() + text.size(), inode);
      if (out.size() == kTasksMax) ++lost_;
      else out.push_back({pid, inode});
    }
  }

  int proc_fd_;
  std::uint64_t tick_ns_;
  std::map<std::int64_t, std::uint64_t> totals_;  // pid -> processor time of all its threads, ns
  std::uint64_t lost_ = 0;
};

}  // namespace

std::unique_ptr<TaskWalker> create_proc_task_walker(int proc_fd) { return std::make_unique<ProcTaskWalker>(proc_fd); }

}  // namespace davy::host

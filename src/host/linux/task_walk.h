// Walks over the tasks of this machine: by BPF from the kernel's own list, or from /proc where BPF is refused.
//
// A walk gives one record for each thread (or process), a snapshot without promises of atomicity: a task may have come
// or gone meanwhile. A walker is not thread-safe. Limits: kTasksMax records in one walk; what is over is counted.
//
//   auto walker = TRY(create_bpf_task_walker());
//   const std::vector<TaskRecord> tasks = TRY(walker->walk({}));
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace davy::host {

inline constexpr std::size_t kTasksMax = 262'144;
inline constexpr std::size_t kWatchedMax = 4'096;  // processes
inline constexpr std::size_t kCpusVisitedMax = 64;

struct TaskRecord {
  std::int64_t pid = 0;  // of the process (thread group)
  std::int64_t tid = 0;
  std::int64_t parent_pid = 0;
  std::uint32_t uid = 0;
  bool has_fp_control = false;
  std::uint32_t fp_control = 0;         // x86: MXCSR; arm64: FPCR; as saved when the thread last left a processor
  std::uint64_t cpu_ns = 0;             // user and system time since the start; from /proc in ticks
  std::uint64_t start_boottime_ns = 0;  // of the process
  std::uint64_t exe_inode = 0;
  std::uint64_t exe_device = 0;  // as st_dev has it
  std::uint32_t exe_links = 0;
  bool kernel_thread = false;
  bool has_user_memory = false;
  bool stopped = false;  // by a signal or a tracer
  std::uint32_t pid_namespace = 0;
  std::uint32_t mount_namespace = 0;
  std::uint32_t net_namespace = 0;
  std::uint32_t last_cpu = 0;
  std::uint64_t cgroup_id = 0;
  std::uint64_t voluntary_switches = 0;
  std::string comm;  // raw bytes, at most 15
};

struct WalkScope {
  bool only_leaders = false;
  bool only_advanced = false;  // threads that used processor time since their last record, and stopped ones
  const std::set<std::int64_t>* watched = nullptr;  // only these processes, at most kWatchedMax
};

// A socket file in a process's table of descriptors.
struct SocketOwner {
  std::int64_t pid = 0;
  std::uint64_t inode = 0;
};

class TaskWalker {
 public:
  virtual ~TaskWalker() = default;
  virtual Result<std::vector<TaskRecord>> walk(const WalkScope& scope) = 0;
  virtual Result<std::vector<SocketOwner>> socket_owners() = 0;
  virtual std::string_view id() const = 0;      // of the sense: "bpf.task_iter", "proc.tasks"
  virtual std::string_view source() const = 0;  // of its samples: "bpf", "proc"
  virtual std::uint64_t records_lost() const = 0;
  // Ids of the BPF programs that this walker itself has loaded.
  virtual std::vector<std::uint32_t> own_programs() const { return {}; }
};

// Errors: unsupported or permission_denied with libbpf's own last words.
Result<std::unique_ptr<TaskWalker>> create_bpf_task_walker();

// `proc_fd`: an open directory of a procfs, which must outlive the walker.
std::unique_ptr<TaskWalker> create_proc_task_walker(int proc_fd);

// Moves the calling thread over these processors once, so that whatever ran there was switched out and its
// floating-point state saved; then restores the thread's own set. At most kCpusVisitedMax.
void visit_cpus(std::span<const std::uint32_t> cpus);

}  // namespace davy::host

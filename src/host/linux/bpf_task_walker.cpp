#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>

#include "base/file.h"
#include "base/json.h"
#include "host/linux/bpf/task_record.h"
#include "host/linux/task_walk.h"
#include "task_walk.skel.h"

namespace davy::host {
namespace {

constexpr std::uint32_t kKernelThreadFlag = 0x0020'0000;  // PF_KTHREAD
constexpr std::uint32_t kStoppedStates = 0x4 | 0x8;       // __TASK_STOPPED, __TASK_TRACED
constexpr std::size_t kOneByOneMax = 32;                  // processes; more cost more than one filtered walk

// libbpf explains refusals only through its printer, which knows no context: keep the last words of this thread.
thread_local std::string last_words;

int keep_words(enum libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN) return 0;
  char line[256];
  const int length = std::vsnprintf(line, sizeof line, format, arguments);
  if (length > 0) last_words.assign(line, std::min<std::size_t>(static_cast<std::size_t>(length), sizeof line - 1));
  while (!last_words.empty() && last_words.back() == '\n') last_words.pop_back();
  return 0;
}

struct CloseSkeleton {
  void operator()(task_walk_bpf* skeleton) const { task_walk_bpf__destroy(skeleton); }
};
struct CloseLink {
  void operator()(bpf_link* link) const { bpf_link__destroy(link); }
};
using Link = std::unique_ptr<bpf_link, CloseLink>;

TaskRecord from_kernel(const davy_task_record& in) {
  TaskRecord out;
  out.pid = in.pid, out.tid = in.tid, out.parent_pid = in.parent_pid, out.uid = in.uid;
  out.has_fp_control = in.has_fp_control != 0, out.fp_control = in.fp_control;
  out.cpu_ns = in.cpu_ns, out.start_boottime_ns = in.start_boottime_ns;
  out.exe_inode = in.exe_inode, out.exe_links = in.exe_links;
  out.exe_device = ::makedev(in.exe_device >> 20, in.exe_device & 0xfffff);
  out.kernel_thread = (in.flags & kKernelThreadFlag) != 0, out.has_user_memory = in.has_user_memory != 0;
  out.stopped = (in.state & kStoppedStates) != 0;
  out.pid_namespace = in.pid_namespace, out.mount_namespace = in.mount_namespace, out.net_namespace = in.net_namespace;
  out.last_cpu = in.last_cpu, out.cgroup_id = in.cgroup_id, out.voluntary_switches = in.voluntary_switches;
  out.comm.assign(in.comm, ::strnlen(in.comm, sizeof in.comm));
  return out;
}

constexpr std::size_t kReadBytes = 1U << 18;

// Runs one iterator to its end and hands every whole record of type Record to `each`; reads through `buffer`.
template <class Record, class Each>
Status read_iterator(const bpf_link& link, std::vector<char>& buffer, std::uint64_t& lost, Each each) {
  const UniqueFd fd(::bpf_iter_create(::bpf_link__fd(&link)));
  if (!fd) return fail_errno(errno, "cannot start the task iterator");
  std::size_t kept = 0;
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data() + kept, buffer.size() - kept);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got < 0) return fail_errno(errno, "cannot read the task iterator");
    if (got == 0) break;
    kept += static_cast<std::size_t>(got);
    std::size_t at = 0;
    for (; kept - at >= sizeof(Record); at += sizeof(Record)) {
      Record record;
      std::memcpy(&record, buffer.data() + at, sizeof record);
      if (!each(record)) ++lost;
    }
    std::memmove(buffer.data(), buffer.data() + at, kept - at);
    kept -= at;
  }
  return {};
}

class BpfTaskWalker final : public TaskWalker {
 public:
  BpfTaskWalker(std::unique_ptr<task_walk_bpf, CloseSkeleton> skeleton, Link tasks, Link sockets)
      : skeleton_(std::move(skeleton)), tasks_(std::move(tasks)), sockets_(std::move(sockets)) {}

  Result<std::vector<TaskRecord>> walk(const WalkScope& scope) override {
    skeleton_->bss->only_leaders = scope.only_leaders ? 1 : 0;
    skeleton_->bss->only_advanced = scope.only_advanced ? 1 : 0;
    const bool one_by_one = scope.watched != nullptr && walks_one_ && scope.watched->size() <= kOneByOneMax;
    skeleton_->bss->only_watched = scope.watched != nullptr && !one_by_one ? 1 : 0;
    std::vector<TaskRecord> out;
    if (one_by_one) {
      TRY(walk_each(*scope.watched, out));
      return out;
    }
    if (scope.watched != nullptr) watch(*scope.watched);
    TRY(read_tasks(*tasks_, out));
    return out;
  }

  // Whether this kernel can walk the threads of one process without walking all others (6.1); an older one ignores
  // that it is asked to, so it is tried on ourselves.
  void try_walking_one() {
    const std::set<std::int64_t> self{::getpid()};
    std::vector<TaskRecord> out;
    skeleton_->bss->only_watched = skeleton_->bss->only_leaders = skeleton_->bss->only_advanced = 0;
    const Status walked = walk_each(self, out);
    walks_one_ =
        walked && !out.empty() && std::ranges::all_of(out, [](const TaskRecord& r) { return r.pid == ::getpid(); });
    one_process_.clear();
  }

  Result<std::vector<SocketOwner>> socket_owners() override {
    if (!sockets_) return fail(ErrorCode::unsupported, "this kernel has no iterator over open files");
    std::vector<SocketOwner> out;
    TRY(read_iterator<davy_socket_record>(*sockets_, buffer_, lost_, [&](const davy_socket_record& record) {
      if (out.size() == kTasksMax) return false;
      out.push_back({record.pid, record.inode});
      return true;
    }));
    return out;
  }

  std::string_view id() const override { return "bpf.task_iter"; }
  std::string_view source() const override { return "bpf"; }
  std::uint64_t records_lost() const override { return lost_; }

  std::vector<std::uint32_t> own_programs() const override {
    std::vector<std::uint32_t> out;
    for (const bpf_program* program : {skeleton_->progs.walk_tasks, skeleton_->progs.walk_sockets}) {
      bpf_prog_info info{};
      std::uint32_t size = sizeof info;
      if (::bpf_obj_get_info_by_fd(::bpf_program__fd(program), &info, &size) == 0) out.push_back(info.id);
    }
    return out;
  }

 private:
  Status read_tasks(const bpf_link& link, std::vector<TaskRecord>& out) {
    return read_iterator<davy_task_record>(link, buffer_, lost_, [&](const davy_task_record& record) {
      if (out.size() == kTasksMax) return false;
      out.push_back(from_kernel(record));
      return true;
    });
  }

  // One iterator for each process, kept as long as it is watched. A process that has ended gives no records.
  Status walk_each(const std::set<std::int64_t>& pids, std::vector<TaskRecord>& out) {
    std::erase_if(one_process_, [&](const auto& item) { return !pids.contains(item.first); });
    for (const std::int64_t pid : pids) {
      auto at = one_process_.find(pid);
      if (at == one_process_.end()) {
        bpf_iter_link_info info{};
        info.task.pid = static_cast<std::uint32_t>(pid);
        LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &info, .link_info_len = sizeof info);
        Link link(::bpf_program__attach_iter(skeleton_->progs.walk_tasks, &options));
        if (!link) continue;
        at = one_process_.emplace(pid, std::move(link)).first;
      }
      TRY(read_tasks(*at->second, out));
    }
    return {};
  }

  // Makes the kernel's set of watched processes equal to `pids`.
  void watch(const std::set<std::int64_t>& pids) {
    const int map = ::bpf_map__fd(skeleton_->maps.watched);
    for (const std::int64_t pid : watched_) {
      if (pids.contains(pid)) continue;
      const auto key = static_cast<std::uint32_t>(pid);
      ::bpf_map_delete_elem(map, &key);
    }
    const std::uint8_t on = 1;
    std::set<std::int64_t> now;
    for (const std::int64_t pid : pids) {
      if (now.size() == kWatchedMax) {
        ++lost_;
        continue;
      }
      const auto key = static_cast<std::uint32_t>(pid);
      if (!watched_.contains(pid)) ::bpf_map_update_elem(map, &key, &on, BPF_ANY);
      now.insert(pid);
    }
    watched_ = std::move(now);
  }

  std::unique_ptr<task_walk_bpf, CloseSkeleton> skeleton_;
  Link tasks_;
  Link sockets_;
  std::map<std::int64_t, Link> one_process_;
  bool walks_one_ = false;
  std::set<std::int64_t> watched_;
  std::vector<char> buffer_ = std::vector<char>(kReadBytes);
  std::uint64_t lost_ = 0;
};

tl::unexpected<Error> refused(int error_number, const char* what) {
  auto error = fail_errno(error_number, what);
  if (!last_words.empty()) error.value().message += ": " + printable(last_words);
  return error;
}

}  // namespace

Result<std::unique_ptr<TaskWalker>> create_bpf_task_walker() {
  static std::once_flag once;
  std::call_once(once, [] { ::libbpf_set_print(keep_words); });
  last_words.clear();
  std::unique_ptr<task_walk_bpf, CloseSkeleton> skeleton(task_walk_bpf__open());
  if (!skeleton) return refused(errno, "cannot open the BPF programs");
  if (const int error = task_walk_bpf__load(skeleton.get()); error != 0)
    return refused(-error, "the kernel refused the BPF programs");
  Link tasks(::bpf_program__attach_iter(skeleton->progs.walk_tasks, nullptr));
  if (!tasks) return refused(errno, "the kernel refused the task iterator");
  Link sockets(::bpf_program__attach_iter(skeleton->progs.walk_sockets, nullptr));
  auto walker = std::make_unique<BpfTaskWalker>(std::move(skeleton), std::move(tasks), std::move(sockets));
  walker->try_walking_one();
  return walker;
}

}  // namespace davy::host

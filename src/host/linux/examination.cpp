#include "host/linux/examination.h"

#include <fcntl.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "base/file.h"
#include "host/linux/bpf_programs.h"
#include "host/linux/close_look.h"
#include "host/linux/fp_selftest.h"
#include "host/linux/hidden_check.h"
#include "host/linux/image_digests.h"
#include "host/linux/preload_reader.h"
#include "host/linux/proc_root.h"
#include "host/linux/process_reader.h"
#include "host/linux/ptrace_sampler.h"
#include "host/linux/socket_walk.h"
#include "host/linux/task_walk.h"
#include "host/linux/thread_watch.h"

namespace davy::host {
namespace {

// Comparing the lists opens every process's folder, the walk itself opens nothing: it is made less often. So is the
// walk that writes a record for every thread, advanced or not, and from /proc less often still.
constexpr std::chrono::seconds kWholeListEvery{10};
constexpr std::chrono::seconds kWholeListFromProcEvery{60};
constexpr std::size_t kPtraceSamplesPerWalk = 8;  // each stops a thread for about half a millisecond

std::string first_line(const std::string& path) {
  const auto bytes = read_file(path, 4096);
  const std::string_view text = bytes ? as_text(*bytes) : std::string_view();
  return printable(text.substr(0, text.find('\n')));
}

model::HostSeen describe_host(double watts_per_core, Timestamp now) {
  model::HostSeen out;
  utsname names{};
  if (::uname(&names) == 0) out.host = printable(names.nodename), out.kernel = printable(names.release);
  out.boot_id = first_line("/proc/sys/kernel/random/boot_id");
  out.cpus = static_cast<std::uint32_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
  struct sysinfo memory {};
  if (::sysinfo(&memory) == 0) out.memory_bytes = std::uint64_t{memory.totalram} * memory.mem_unit;
  timespec since_boot{};
  ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
  out.boot_time_ns = now.nanoseconds - (since_boot.tv_sec * 1'000'000'000LL + since_boot.tv_nsec);
  out.watts_per_core = watts_per_core;
  return out;
}

// One examination from beginning to end. Members are in the order in which they come to be.
class Examination {
 public:
  Examination(const ExaminationOptions& options, Examiner* examiner, Clock& clock, model::ObservationSink& sink,
              const std::function<void(double)>& progress, ProcRoot proc)
      : options_(options),
        examiner_(examiner),
        clock_(clock),
        sink_(sink),
        progress_(progress),
        proc_(std::move(proc)),
        digests_(proc_.fd()) {}

  Status run(const std::string& why_no_examiner);

 private:
  void say(model::Observation::Value value) { sink_.accept({clock_.now(), std::move(value)}); }
  void sense(const char* id, bool on, std::string why = {}, bool required = false) {
    say(model::SenseSeen{.id = id, .on = on, .why = printable(why), .required = required});
  }

  void choose_walker();
  void choose_rounding();
  Status watch();
  Status whole_walk();
  Status advanced_walk();
  Status fast_walk(const std::set<std::int64_t>& suspects);
  void take_samples(const std::vector<TaskRecord>& walk);
  void sample_by_ptrace(std::vector<model::ThreadSample>& samples);
  Result<Listings> list_processes(const std::vector<TaskRecord>& walk) const;
  void look_for_hidden(const std::vector<TaskRecord>& walk);
  void describe_processes();
  void see_host();
  void see_sockets();
  void close_looks();
  void see_how_looking_went();
  void end();

  const ExaminationOptions& options_;
  Examiner* examiner_;
  Clock& clock_;
  model::ObservationSink& sink_;
  const std::function<void(double)>& progress_;
  ProcRoot proc_;
  ImageDigests digests_;
  std::unique_ptr<TaskWalker> walker_;
  bool by_ptrace_ = false;
  bool from_kernel_ = false;  // the walker reads the kernel's own list
  std::unique_ptr<ThreadWatch> threads_;
  std::unique_ptr<HiddenCheck> hidden_;
  std::string why_no_listing_;
  std::uint64_t ptrace_tried_ = 0, ptrace_read_ = 0;
  std::string why_no_ptrace_;
  Nanoseconds started_{0};
  ProcessTable leaders_;         // of all walks; a process that has ended stays
  std::set<std::int64_t> last_;  // pids of the last whole walk
  std::map<model::ProcessId, model::ProcessSeen> described_;
  model::ExaminationEnd end_;
};

// Chosen by trying: what the kernel lets us load, not what its version promises.
void Examination::choose_walker() {
  std::string why = "switched off";
  if (options_.bpf) {
    auto walker = create_bpf_task_walker();
    const auto self = walker ? (*walker)->walk({.only_leaders = true})
                             : Result<std::vector<TaskRecord>>(tl::unexpected(walker.error()));
    const bool sees_self = self && std::ranges::any_of(*self, [](const TaskRecord& r) { return r.pid == ::getpid(); });
    if (sees_self) walker_ = std::move(*walker);
    else why = self ? "this is a process namespace of its own" : describe(self.error());
  }
  from_kernel_ = walker_ != nullptr;
  sense("bpf.task_iter", from_kernel_, from_kernel_ ? "" : why);
  sense("proc.detached", proc_.detached(), proc_.why_not_detached());
  if (!from_kernel_) walker_ = create_proc_task_walker(proc_.fd());
}

void Examination::choose_rounding() {
  const auto tested =
      from_kernel_ ? test_fp_control(*walker_) : fail(ErrorCode::unsupported, "the task list comes from /proc");
  sense("fp.saved_control", tested.has_value(), tested ? "" : describe(tested.error()));
  by_ptrace_ = !tested && ::geteuid() == 0;
  if (!tested && !by_ptrace_) sense("fp.ptrace", false, "needs root", true);
  threads_ = std::make_unique<ThreadWatch>(std::string(walker_->source()), std::string(architecture()),
                                           tested.has_value(), [this](std::int64_t pid) { return digests_.of(pid); });
  threads_->never_suspect(::getpid());
  if (examiner_ != nullptr) threads_->never_suspect(examiner_->worker().pid());
  hidden_ = std::make_unique<HiddenCheck>(from_kernel_       ? "bpf.task_iter"
                                          : proc_.detached() ? "detached_proc"
                                                             : "pid_probe");
}

Result<Listings> Examination::list_processes(const std::vector<TaskRecord>& walk) const {
  const UniqueFd shown(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!shown) return fail_errno(errno, "cannot open the procfs", "/proc");
  Listings now;
  for (const TaskRecord& record : walk)
    if (record.pid == record.tid) now.kernel[record.pid] = record.start_boottime_ns;
  now.by_system_call = TRY(pids_by_system_call(shown.get()));
  now.by_library = TRY(pids_by_library());
  if (!from_kernel_)
    for (const std::int64_t pid : TRY(pids_by_probing(now.by_system_call))) now.kernel.try_emplace(pid, 0);
  for (const auto& [pid, start] : now.kernel)
    if (now.by_system_call.contains(pid) && is_covered(pid)) now.covered.insert(pid);
  return now;
}

// A list that could not be had says nothing about who is missing from it: then there was no look.
void Examination::look_for_hidden(const std::vector<TaskRecord>& walk) {
  const auto now = list_processes(walk);
  if (now) hidden_->look(*now);
  else why_no_listing_ = describe(now.error());
}

void Examination::take_samples(const std::vector<TaskRecord>& walk) {
  const Nanoseconds now = clock_.monotonic();
  for (const TaskRecord& record : walk)
    if (record.pid == record.tid) leaders_.insert_or_assign(record.pid, record);
  auto samples = threads_->see(walk, now);
  if (by_ptrace_) sample_by_ptrace(samples);
  threads_->weigh(samples, now);
  for (auto& sample : samples) say(std::move(sample));
}

// Every process and thread that there is, and who is missing from the lists.
Status Examination::whole_walk() {
  const std::vector<TaskRecord> walk = TRY(walker_->walk({}));
  last_.clear();
  for (const TaskRecord& record : walk) last_.insert(record.pid);
  end_.processes = last_.size(), end_.threads = walk.size();
  take_samples(walk);
  look_for_hidden(walk);
  return {};
}

// Over the whole list too, but what did nothing since the last walk costs next to nothing. A thread that runs all the
// time saves its state rarely: it is made to.
Status Examination::advanced_walk() {
  if (from_kernel_) visit_cpus(threads_->busy_processors(clock_.monotonic()));
  take_samples(TRY(walker_->walk({.only_advanced = true})));
  return {};
}

void Examination::sample_by_ptrace(std::vector<model::ThreadSample>& samples) {
  std::ranges::sort(samples, std::greater(), &model::ThreadSample::cpu_ns);
  for (std::size_t i = 0; i < std::min(samples.size(), kPtraceSamplesPerWalk); ++i) {
    ++ptrace_tried_;
    const auto control = sample_fp_control(samples[i].tid);
    if (!control) {
      why_no_ptrace_ = describe(control.error());
      continue;
    }
    ++ptrace_read_;
    samples[i].has_fp_control = true, samples[i].fp_control = *control, samples[i].source = "ptrace";
  }
}

Status Examination::fast_walk(const std::set<std::int64_t>& suspects) {
  if (from_kernel_) visit_cpus(threads_->busy_processors(clock_.monotonic()));
  take_samples(TRY(walker_->walk({.watched = &suspects})));
  return {};
}

Status Examination::watch() {
  started_ = clock_.monotonic();
  TRY(whole_walk());
  clock_.sleep_until(started_ + kFastWalk);
  TRY(whole_walk());
  const Nanoseconds whole_every = from_kernel_ ? kWholeListEvery : kWholeListFromProcEvery;
  Nanoseconds next_full = started_ + kFirstFullWalks, next_whole = started_ + whole_every;
  for (Nanoseconds next = started_ + 2 * kFastWalk; next < started_ + options_.observe; next += kFastWalk) {
    clock_.sleep_until(next);
    progress_(static_cast<double>((next - started_).count()) / static_cast<double>(options_.observe.count()));
    if (next >= next_whole) {
      TRY(whole_walk());
      next_whole += whole_every;
    } else if (next >= next_full) {
      TRY(advanced_walk());
      next_full += next < started_ + kFullWalk ? kFirstFullWalks : kFullWalk;
    } else if (const auto suspects = threads_->suspects(clock_.monotonic()); !suspects.empty()) {
      TRY(fast_walk(suspects));
    }
  }
  clock_.sleep_until(started_ + options_.observe);
  return whole_walk();
}

void Examination::describe_processes() {
  const Users users = Users::load();
  const ProcessReadScope scope{.proc_fd = proc_.fd(), .table = &leaders_, .users = &users};
  std::set<std::int64_t> pids = last_;
  for (const model::HiddenSeen& seen : hidden_->hidden())
    if (seen.process.start_boottime_ns == 0)
      leaders_.try_emplace(seen.process.pid,
                           TaskRecord{.pid = seen.process.pid, .tid = seen.process.pid, .has_user_memory = true}),
          pids.insert(seen.process.pid);
  for (const std::int64_t pid : pids) {
    const auto at = leaders_.find(pid);
    if (at == leaders_.end()) continue;
    model::ProcessSeen seen = read_process(scope, at->second);
    if (seen.argv_truncated) ++end_.truncated;
    described_.emplace(seen.process, seen);
    say(std::move(seen));
  }
  for (const model::ProcessLoad& load : threads_->loads(clock_.monotonic())) {
    const auto at = leaders_.find(load.process.pid);
    if (described_.contains(load.process) || at == leaders_.end()) continue;
    if (at->second.start_boottime_ns == load.process.start_boottime_ns) say(describe_ended(scope, at->second));
  }
  for (const model::HiddenSeen& seen : hidden_->hidden()) say(seen);
}

void Examination::see_host() {
  const auto programs = list_bpf_programs(walker_->own_programs());
  sense("bpf.programs", programs.has_value(), programs ? "" : describe(programs.error()));
  if (programs)
    for (const auto& program : *programs) say(program);
  auto preload = read_preload();
  sense("preload", preload.has_value(), preload ? "" : describe(preload.error()));
  if (!preload || !*preload) return;
  place_preload(**preload, find_packages((*preload)->libraries));
  say(std::move(**preload));
}

void Examination::see_sockets() {
  std::map<std::uint64_t, std::int64_t> namespaces;
  for (const std::int64_t pid : last_) {
    const TaskRecord& record = leaders_.at(pid);
    if (record.net_namespace != 0) namespaces.try_emplace(record.net_namespace, pid);
  }
  SocketWalk walk = walk_sockets(proc_.fd(), namespaces);
  auto owners = walker_->socket_owners();
  if (!owners) owners = create_proc_task_walker(proc_.fd())->socket_owners();
  end_.over_limit += walk.lost;
  sense("sock_diag", walk.why.empty() && owners, owners ? walk.why : describe(owners.error()));
  if (!owners) return;
  std::multimap<std::uint64_t, std::int64_t> by_inode;
  for (const SocketOwner& owner : *owners) by_inode.emplace(owner.inode, owner.pid);
  const auto hosts_file = read_file("/etc/hosts", 1U << 20);
  const auto names = parse_hosts(hosts_file ? as_text(*hosts_file) : std::string_view());
  for (const model::SocketSeen& socket : walk.sockets) {
    if (socket.state == "listen" || socket.inode == 0) continue;
    const auto [from, to] = by_inode.equal_range(socket.inode);
    for (auto owner = from; owner != to; ++owner) {
      const auto leader = leaders_.find(owner->second);
      if (leader == leaders_.end()) continue;
      model::SocketSeen seen = socket;
      seen.process = {leader->first, leader->second.start_boottime_ns};
      if (const auto name = names.find(seen.remote); name != names.end()) seen.server_name = name->second;
      say(std::move(seen));
    }
  }
}

void Examination::close_looks() {
  const CloseLookScope scope{.proc_fd = proc_.fd(), .examiner = examiner_, .memory = options_.memory, .clock = &clock_};
  const auto loads = threads_->loads(clock_.monotonic());
  CloseLookResult result = look_closely(scope, choose_suspects(loads, described_, hidden_->hidden()), described_);
  end_.unreadable += result.unreadable, end_.over_limit += result.over_limit;
  for (auto& image : result.images) say(std::move(image));
  for (auto& memory : result.memories) say(std::move(memory));
  const bool own_only = ::geteuid() != 0;
  const std::string why = own_only ? "needs root; only your own processes were read" : result.why_no_memory;
  if (options_.memory) sense("memory", why.empty(), why);
  sense("packages", result.packages_known, result.packages_known ? "" : "no dpkg database here");
  for (model::ProcessLoad load : loads) {
    if (const auto calls = result.io_calls.find(load.process); calls != result.io_calls.end())
      load.io_calls_per_second = calls->second, load.has_io_calls = true;
    say(std::move(load));
  }
}

// What only turned out while looking.
void Examination::see_how_looking_went() {
  sense("process.listings", why_no_listing_.empty(), why_no_listing_);
  if (!by_ptrace_) return;
  const bool worked = ptrace_tried_ == 0 || ptrace_read_ > 0;
  sense("fp.ptrace", worked, worked ? "" : why_no_ptrace_, true);
}

void Examination::end() {
  end_.observed_ns = static_cast<std::uint64_t>((clock_.monotonic() - started_).count());
  end_.lost = walker_->records_lost() + threads_->lost();
  say(end_);
}

Status Examination::run(const std::string& why_no_examiner) {
  say(describe_host(options_.watts_per_core, clock_.now()));
  choose_walker();
  choose_rounding();
  sense("worker", examiner_ != nullptr, why_no_examiner);
  const Status watched = watch();
  if (!watched) sense("watching", false, describe(watched.error()), true);
  see_how_looking_went();
  describe_processes();
  see_host();
  see_sockets();
  close_looks();
  end();
  return {};
}

}  // namespace

Status examine_host(const ExaminationOptions& options, Examiner* examiner, const std::string& why_no_examiner,
                    Clock& clock, model::ObservationSink& sink, const std::function<void(double)>& progress) {
  ProcRoot proc = TRY(ProcRoot::open());
  return Examination(options, examiner, clock, sink, progress, std::move(proc)).run(why_no_examiner);
}

}  // namespace davy::host

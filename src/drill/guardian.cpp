#include "drill/guardian.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <string>

#include "drill/load.h"

namespace davy::drill {
namespace {

constexpr int kIdlePollMs = 500;
constexpr int kEndPatienceMs = 8000;
constexpr std::size_t kProcFileBytesMax = 1U << 20;

bool write_file_now(const char* path, std::string_view text) {
  const UniqueFd fd(open(path, O_WRONLY | O_CLOEXEC));
  return fd && write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// Without root the other namespaces need a user namespace around them.
Status enter_pid_namespace() {
  if (geteuid() == 0) return unshare(CLONE_NEWPID) == 0 ? Status{} : fail_errno(errno, "no pid namespace");
  const std::string uid = std::to_string(geteuid());
  const std::string gid = std::to_string(getegid());
  if (unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0) return fail_errno(errno, "no user namespace");
  write_file_now("/proc/self/setgroups", "deny");
  write_file_now("/proc/self/uid_map", uid + " " + uid + " 1");
  write_file_now("/proc/self/gid_map", gid + " " + gid + " 1");
  return {};
}

Status enter_other_namespaces(const Plan& plan) {
  if (plan.cgroup_path[0] != '\0')
    write_file_now((std::string(plan.cgroup_path.data()) + "/cgroup.procs").c_str(), "0");
  if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWCGROUP) != 0) return fail_errno(errno, "no namespaces");
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return fail_errno(errno, "mounts not private");
  mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
  [[maybe_unused]] const int named = sethostname("web-1", 5);
  return {};
}

[[noreturn]] void be_the_load(Plan plan, int announce_fd, pid_t guardian) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!plan.disguised(kNamespaces) && getppid() != guardian) _exit(1);
  plan.parent = 1;  // the parent-death signal watches instead
  Status done;
  if (plan.disguised(kNamespaces)) done = enter_other_namespaces(plan);
  if (done) done = run_load(plan, {announce_fd, false});
  if (!done) {
    const std::string words = describe(done.error()) + "\n";
    [[maybe_unused]] const ssize_t written = write(2, words.data(), words.size());
  }
  _exit(done ? 0 : 1);
}

class Guardian {
 public:
  Guardian(const Plan& plan, pid_t load, UniqueFd ready, UniqueFd signals)
      : plan_(plan),
        load_(load),
        exit_(static_cast<int>(syscall(SYS_pidfd_open, load, 0))),
        ready_(std::move(ready)),
        signals_(std::move(signals)) {}

  Status watch();

 private:
  bool ended();
  void turn();
  Status end();

  const Plan plan_;
  const pid_t load_;
  UniqueFd exit_;  // readable when the load has ended; none on old kernels, where the next turn notices
  UniqueFd ready_;
  UniqueFd signals_;
  bool announced_ = false;
  bool stopped_ = false;
  bool asked_to_end_ = false;
  bool reaped_ = false;
  int status_ = 0;
};

bool Guardian::ended() {
  if (!reaped_) reaped_ = waitpid(load_, &status_, WNOHANG) == load_;
  return reaped_ || asked_to_end_ || monotonic_ns() >= plan_.deadline_ns ||
         (plan_.parent > 1 && getppid() != plan_.parent);
}

void Guardian::turn() {
  const bool throttling = announced_ && plan_.disguised(kThrottle);
  std::array<pollfd, 3> waits{
      {{signals_.get(), POLLIN, 0}, {announced_ ? -1 : ready_.get(), POLLIN, 0}, {exit_.get(), POLLIN, 0}}};
  const int events = poll(waits.data(), waits.size(), throttling ? kThrottleMs : kIdlePollMs);
  if ((waits[0].revents & POLLIN) != 0) asked_to_end_ = true;
  if (waits[1].revents != 0) {
    char byte = 0;
    announced_ = true;
    if (read(ready_.get(), &byte, 1) == 1) announce_ready(1, load_);
  } else if (throttling && events == 0) {
    stopped_ = !stopped_;
    kill(load_, stopped_ ? SIGSTOP : SIGCONT);
  }
}

Status Guardian::end() {
  if (!reaped_) {
    kill(load_, SIGTERM);
    kill(load_, SIGCONT);
    const timespec pause{0, 20'000'000};
    for (int waited = 0; waited < kEndPatienceMs && !reaped_; waited += 20) {
      reaped_ = waitpid(load_, &status_, WNOHANG) == load_;
      if (!reaped_) nanosleep(&pause, nullptr);
    }
    if (!reaped_) {
      kill(load_, SIGKILL);
      waitpid(load_, &status_, 0);
    }
  }
  if (plan_.cgroup_path[0] != '\0') rmdir(plan_.cgroup_path.data());
  if (!asked_to_end_ && WIFEXITED(status_) && WEXITSTATUS(status_) != 0) return fail(ErrorCode::io, "the load failed");
  return {};
}

Status Guardian::watch() {
  while (!ended()) turn();
  return end();
}

}  // namespace

bool needs_guardian(const Plan& plan) { return plan.disguised(kThrottle) || plan.disguised(kNamespaces); }

Status run_guarded(const Plan& plan) {
  arm_alarm(plan);
  if (plan.disguised(kNamespaces)) TRY(enter_pid_namespace());
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "cannot make a pipe");
  UniqueFd ready(ends[0]);
  UniqueFd tell(ends[1]);
  const pid_t guardian = getpid();
  const pid_t load = fork();
  if (load < 0) return fail_errno(errno, "cannot fork");
  if (load == 0) {
    ready.reset();
    be_the_load(plan, tell.get(), guardian);
  }
  tell.reset();
  Guardian watching(plan, load, std::move(ready), TRY(stop_signals()));
  return watching.watch();
}

Result<std::string> make_cgroup() {
  const Bytes mounts = TRY(read_file("/proc/self/mountinfo", kProcFileBytesMax));
  const std::string_view all = as_text(mounts);
  const std::size_t kind = all.find(" - cgroup2 ");
  if (kind == std::string_view::npos) return fail(ErrorCode::not_found, "no version 2 control groups here");
  const std::size_t line_begin = all.rfind('\n', kind) + 1;  // npos + 1 is the first line
  std::size_t at = line_begin;
  for (int field = 0; field < 4; ++field) at = all.find(' ', at) + 1;
  const std::string root(all.substr(at, all.find(' ', at) - at));
  const Bytes own = TRY(read_file("/proc/self/cgroup", kProcFileBytesMax));
  const std::string_view groups = as_text(own);
  const std::size_t unified = groups.find("0::");
  if (unified == std::string_view::npos) return fail(ErrorCode::not_found, "no own control group");
  const std::string inside(groups.substr(unified + 3, groups.find('\n', unified) - unified - 3));
  std::string path = root + (inside == "/" ? "" : inside) + "/davy-drill-" + std::to_string(getpid());
  if (mkdir(path.c_str(), 0755) != 0) return fail_errno(errno, "cannot make a control group", path);
  return path;
}

}  // namespace davy::drill

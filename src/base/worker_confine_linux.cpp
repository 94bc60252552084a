// Problem: a parser of hostile bytes will one day be taken over. What it can then do must be nothing.
// Idea: the child keeps one socket and some memory. Each layer below holds even if the others fail: no descriptors, no
// user, no capabilities, no network, no new processes or files (rlimits), and an allow-list of system calls that has
// none for opening, connecting, executing, tracing or making memory executable.
#include "base/worker_confine.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>

namespace davy::worker_detail {
namespace {

#ifdef DAVY_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr unsigned kNobody = 65534;
constexpr int kDescriptorsMax = 65'536;  // where closing one by one stops on kernels without close_range

// Allocation, time, messages, signals to oneself, leaving. Calls that glibc makes on the way are among them.
constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(close),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// What the runtimes of the sanitizers need in order to report.
constexpr int kAllowedSanitized[] = {
    SCMP_SYS(pipe2),     SCMP_SYS(openat),    SCMP_SYS(newfstatat), SCMP_SYS(fstat),
    SCMP_SYS(lseek),     SCMP_SYS(readlink),  SCMP_SYS(readlinkat), SCMP_SYS(getrusage),
    SCMP_SYS(prctl),     SCMP_SYS(ioctl),     SCMP_SYS(dup),        SCMP_SYS(fcntl),
    SCMP_SYS(getppid),   SCMP_SYS(getuid),    SCMP_SYS(geteuid),    SCMP_SYS(set_robust_list),
    SCMP_SYS(getrlimit), SCMP_SYS(prlimit64), SCMP_SYS(rseq),       SCMP_SYS(mmap),
    SCMP_SYS(mprotect),  SCMP_SYS(tgkill),    SCMP_SYS(access),
};

void reset_signals() {
  for (const int number : {SIGCHLD, SIGUSR1, SIGUSR2, SIGALRM, SIGQUIT}) signal(number, SIG_DFL);
  if (!kSanitized)
    for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGXCPU}) signal(number, SIG_DFL);
  // What asks to end reaches the whole group; the parent decides when its worker ends, and takes it along when it dies.
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) signal(number, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool drop_capabilities() {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  return syscall(SYS_capset, &header, none) == 0;
}

// Root becomes nobody. In a user namespace that maps no such user root stays, without capabilities.
bool drop_user() {
  if (geteuid() == 0) {
    const bool groups = setgroups(0, nullptr) == 0;
    const bool group = setresgid(kNobody, kNobody, kNobody) == 0;
    const bool user = setresuid(kNobody, kNobody, kNobody) == 0;
    if (!groups || !group || !user) return drop_capabilities() && false;
  }
  return drop_capabilities() && geteuid() != 0;
}

Status drop_process_rights(const std::string& name, int parent_pid) {
  prctl(PR_SET_NAME, ("davy-" + name).c_str());
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail_errno(errno, "cannot give up new privileges");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return fail_errno(errno, "cannot refuse debuggers");
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return fail_errno(errno, "cannot follow the parent");
  if (getppid() != parent_pid) return fail(ErrorCode::interrupted, "the parent is gone");
  return {};
}

std::size_t mapped_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  statm >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

Status limit_to(__rlimit_resource resource, rlim_t most) {
  rlimit limit = {};
  getrlimit(resource, &limit);
  limit.rlim_max = std::min(limit.rlim_max, most);
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(resource, &limit) != 0) return fail_errno(errno, "cannot limit a resource", std::to_string(resource));
  return {};
}

// Processor time is watched by the parent, call by call.
Status limit_resources(rlim_t address_space_bytes) {
  TRY(limit_to(RLIMIT_CORE, 0));
  TRY(limit_to(RLIMIT_NPROC, 0));
  if (kSanitized) return {};
  TRY(limit_to(RLIMIT_FSIZE, 0));
  TRY(limit_to(RLIMIT_NOFILE, kSocketFd + 1));
  return limit_to(RLIMIT_AS, address_space_bytes);
}

struct FreeFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

bool allow(scmp_filter_ctx filter, int call) { return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0; }

// Memory may be had, but not made executable; signals may be sent, but only to oneself (abort does).
bool allow_with_conditions(scmp_filter_ctx filter) {
  const scmp_arg_cmp not_executable = {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  const scmp_arg_cmp to_myself = {0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()), 0};
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, to_myself) == 0;
}

Status lock_system_calls() {
  const std::unique_ptr<void, FreeFilter> filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  bool done = filter != nullptr && seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0;
  for (const int call : kAllowed) done = done && allow(filter.get(), call);
  if (kSanitized)
    for (const int call : kAllowedSanitized) done = done && allow(filter.get(), call);
  if (!kSanitized) done = done && allow_with_conditions(filter.get());
  if (!done) return fail(ErrorCode::unsupported, "cannot build the system call filter");
  if (const int code = seccomp_load(filter.get()); code != 0)
    return fail(ErrorCode::unsupported, "the kernel refused the system call filter", std::to_string(-code));
  return {};
}

}  // namespace

Status keep_only(int socket_fd) {
  if (socket_fd != kSocketFd && dup2(socket_fd, kSocketFd) < 0) return fail_errno(errno, "cannot keep the socket");
  const unsigned last_closed = kSanitized ? 1 : 2;
  for (unsigned fd = 0; fd <= last_closed; ++fd) close(static_cast<int>(fd));
  if (syscall(SYS_close_range, kSocketFd + 1, ~0U, 0) == 0) return {};
  for (int fd = kSocketFd + 1; fd < kDescriptorsMax; ++fd) close(fd);
  return {};
}

Result<Confinement> confine(const WorkerLimits& limits, const std::string& name, int parent_pid) {
  Confinement result;
  const rlim_t address_space_bytes = mapped_bytes() + limits.address_space_bytes;
  reset_signals();
  result.no_network = unshare(CLONE_NEWNET | CLONE_NEWIPC) == 0;
  result.unprivileged = drop_user();
  TRY(drop_process_rights(name, parent_pid));
  TRY(limit_resources(address_space_bytes));
  TRY(lock_system_calls());
  result.seccomp = true;
  return result;
}

}  // namespace davy::worker_detail

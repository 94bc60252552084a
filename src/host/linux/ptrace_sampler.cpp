#include "host/linux/ptrace_sampler.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

namespace davy::host {
namespace {

using namespace std::chrono_literals;
constexpr auto kStopPatience = 20ms;

// Detaches when it goes. A thread that has not stopped yet cannot be detached: it is waited for first.
class Seized {
 public:
  explicit Seized(pid_t tid) : tid_(tid) {}
  Seized(const Seized&) = delete;
  Seized& operator=(const Seized&) = delete;
  ~Seized() {
    if (!stopped_ && !gone_) wait_until_stopped(std::chrono::steady_clock::time_point::max());
    if (!gone_) ::ptrace(PTRACE_DETACH, tid_, nullptr, signal_);
  }

  bool wait_until_stopped(std::chrono::steady_clock::time_point deadline) {
    for (;;) {
      int status = 0;
      const pid_t got = ::waitpid(tid_, &status, __WALL | WNOHANG);
      if (got == tid_ && WIFSTOPPED(status)) return note_stop(status);
      if (got != 0 && errno != EINTR) return gone_ = true, false;
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(100us);
    }
  }
  bool gone() const { return gone_; }

 private:
  // A signal that stopped the thread before our interruption did is handed on when it is let go.
  bool note_stop(int status) {
    stopped_ = true;
    const bool our_stop = status >> 16 == PTRACE_EVENT_STOP;
    signal_ = our_stop ? 0 : WSTOPSIG(status);
    return true;
  }

  pid_t tid_;
  bool stopped_ = false;
  bool gone_ = false;
  long signal_ = 0;
};

Result<std::uint32_t> read_control(pid_t tid) {
#if defined(__aarch64__)
  user_fpsimd_struct registers{};
#else
  user_fpregs_struct registers{};
#endif
  iovec area{&registers, sizeof registers};
  if (::ptrace(PTRACE_GETREGSET, tid, NT_PRFPREG, &area) != 0)
    return fail_errno(errno, "cannot read floating-point registers");
#if defined(__aarch64__)
  return registers.fpcr;
#else
  return registers.mxcsr;
#endif
}

}  // namespace

Result<std::uint32_t> sample_fp_control(std::int64_t tid) {
  const auto thread = static_cast<pid_t>(tid);
  if (::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) != 0) return fail_errno(errno, "cannot trace the thread");
  Seized seized(thread);
  if (::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) != 0) return fail_errno(errno, "cannot stop the thread");
  if (!seized.wait_until_stopped(std::chrono::steady_clock::now() + kStopPatience))
    return fail(seized.gone() ? ErrorCode::not_found : ErrorCode::interrupted, "the thread did not stop in time");
  return read_control(thread);
}

}  // namespace davy::host

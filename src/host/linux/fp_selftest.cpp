#include "host/linux/fp_selftest.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cfenv>
#include <chrono>
#include <thread>

namespace davy::host {
namespace {

using namespace std::chrono_literals;

constexpr std::array kModes = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
constexpr auto kPatience = 15ms;  // for one mode

#if defined(__aarch64__)
// FPCR.RMode, bits 23:22: 0 nearest, 1 up, 2 down, 3 zero.
std::uint32_t expected_bits(int mode) { return mode == FE_UPWARD ? 1U : mode == FE_DOWNWARD ? 2U : 3U; }
std::uint32_t rounding_bits(std::uint32_t control) { return control >> 22 & 3U; }
#else
// MXCSR.RC, bits 14:13: 0 nearest, 1 down, 2 up, 3 zero (Intel SDM volume 1, 10.2.3).
std::uint32_t expected_bits(int mode) { return mode == FE_DOWNWARD ? 1U : mode == FE_UPWARD ? 2U : 3U; }
std::uint32_t rounding_bits(std::uint32_t control) { return control >> 13 & 3U; }
#endif

// A thread that rounds as it is told and leaves its processor often, so that the kernel saves its state.
class Helper {
 public:
  Helper() : thread_([this] { run(); }) {
    while (tid_ == 0) std::this_thread::yield();
  }
  ~Helper() {
    mode_ = kStop;
    thread_.join();
  }
  void round(int mode) { mode_ = mode; }
  std::int64_t tid() const { return tid_; }

 private:
  static constexpr int kStop = -1;

  void run() {
    tid_ = ::syscall(SYS_gettid);
    for (int mode = mode_; mode != kStop; mode = mode_) {
      std::fesetround(mode);
      std::this_thread::sleep_for(200us);
    }
    std::fesetround(FE_TONEAREST);
  }

  std::atomic<int> mode_{FE_TONEAREST};
  std::atomic<std::int64_t> tid_{0};
  std::thread thread_;
};

Result<bool> reads(TaskWalker& walker, const WalkScope& scope, std::int64_t tid, int mode) {
  for (const TaskRecord& task : TRY(walker.walk(scope)))
    if (task.tid == tid) return task.has_fp_control && rounding_bits(task.fp_control) == expected_bits(mode);
  return false;
}

}  // namespace

std::string_view architecture() {
#if defined(__aarch64__)
  return "aarch64";
#else
  return "x86_64";
#endif
}

Status test_fp_control(TaskWalker& walker) {
  Helper helper;
  const std::set<std::int64_t> self = {::getpid()};
  const WalkScope scope{.watched = &self};
  for (const int mode : kModes) {
    helper.round(mode);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    bool seen = false;
    while (!seen && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(1ms);
      seen = TRY(reads(walker, scope, helper.tid(), mode));
    }
    if (!seen) return fail(ErrorCode::unsupported, "the saved rounding mode of a thread of our own was not read back");
  }
  return {};
}

}  // namespace davy::host

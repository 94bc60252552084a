#include "host/linux/thread_watch.h"

#include <gtest/gtest.h>

namespace davy::host {
namespace {

using namespace std::chrono_literals;

TaskRecord record(std::uint64_t cpu_ns, std::uint32_t control = 0x1f80, std::int64_t tid = 7) {
  return {.pid = 7,
          .tid = tid,
          .has_fp_control = true,
          .fp_control = control,
          .cpu_ns = cpu_ns,
          .start_boottime_ns = 1,
          .exe_inode = 5,
          .has_user_memory = true};
}

constexpr std::uint64_t kMs = 1'000'000;

class ThreadWatchTest : public ::testing::Test {
 protected:
  std::vector<model::ThreadSample> see(std::vector<TaskRecord> walk, Nanoseconds at) {
    auto samples = watch_.see(walk, at);
    watch_.weigh(samples, at);
    return samples;
  }
  // Walks `make(processor time)` every 50 ms, all of it busy, and asks for suspects each time.
  template <class Make>
  void work(Nanoseconds from, Nanoseconds to, Make make) {
    for (Nanoseconds at = from; at <= to; at += 50ms) {
      see({make(static_cast<std::uint64_t>(at.count()))}, at);
      watch_.suspects(at);
    }
  }
  bool suspects(std::int64_t pid, Nanoseconds at) { return watch_.suspects(at).contains(pid); }

  std::string digest_ = "same";
  ThreadWatch watch_{"bpf", "x86_64", true, [this](std::int64_t) { return digest_; }};
};

TaskRecord quiet(std::uint64_t cpu_ns) { return record(cpu_ns); }
TaskRecord rounding(std::uint64_t cpu_ns) { return record(cpu_ns, 0x7f80); }
TaskRecord of_pid(std::int64_t pid, std::uint64_t cpu_ns, std::uint32_t control = 0x1f80) {
  TaskRecord out = record(cpu_ns, control, pid);
  out.pid = pid;
  return out;
}

TEST_F(ThreadWatchTest, OnlyThreadsWhoseTimeAdvancedGiveSamples) {
  EXPECT_TRUE(see({record(kMs), record(kMs, 0x1f80, 8)}, 0s).empty());
  const auto samples = see({record(5 * kMs, 0x7f80), record(kMs, 0x1f80, 8)}, 50ms);
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_EQ(samples[0].cpu_ns, 4 * kMs);
  EXPECT_EQ(samples[0].interval_ns, 50'000'000U);
  EXPECT_EQ(samples[0].fp_control, 0x7f80U);
  EXPECT_TRUE(suspects(7, 50ms));
}

TEST_F(ThreadWatchTest, SmallGainsAddUpToOneSample) {
  see({record(0)}, 0s);
  EXPECT_TRUE(see({record(kSampleGainNs - 1)}, 50ms).empty());
  const auto samples = see({record(kSampleGainNs)}, 100ms);
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_EQ(samples[0].cpu_ns, kSampleGainNs);
  EXPECT_EQ(samples[0].interval_ns, 100'000'000U);
  EXPECT_FALSE(suspects(7, 100ms)) << "far less than a thousandth of a processor";
}

TEST_F(ThreadWatchTest, WatchesThreeSecondsThenAcquitsForAMinute) {
  work(0s, kWatchTime - 100ms, quiet);
  EXPECT_TRUE(suspects(7, kWatchTime - 100ms));
  work(kWatchTime - 50ms, kWatchTime + 100ms, quiet);
  EXPECT_FALSE(suspects(7, kWatchTime + 100ms));
  const Nanoseconds later = kWatchTime + 200ms + kAcquittalLasts;
  work(later, later + 50ms, quiet);
  EXPECT_TRUE(suspects(7, later + 50ms));
}

TEST_F(ThreadWatchTest, FewSamplesEarnAShortAcquittal) {
  for (int second = 0; second <= 3; ++second) {
    see({record(static_cast<std::uint64_t>(second + 1) * 2 * kMs)}, std::chrono::seconds(second) + 50ms);
    watch_.suspects(std::chrono::seconds(second) + 50ms);
  }
  watch_.suspects(4100ms);
  EXPECT_FALSE(suspects(7, 4100ms));
  see({record(100 * kMs)}, 4100ms + kShortAcquittal);
  EXPECT_TRUE(suspects(7, 4150ms + kShortAcquittal));
}

TEST_F(ThreadWatchTest, AnotherImageLosesTheAcquittal) {
  work(0s, kWatchTime + 100ms, quiet);
  TaskRecord other = record(5000 * kMs);
  other.exe_inode = 6;
  see({other}, kWatchTime + 150ms);
  EXPECT_TRUE(suspects(7, kWatchTime + 150ms));
}

TEST_F(ThreadWatchTest, AChangedControlWordIsWatchedLongerAndEndsAnAcquittal) {
  work(0s, kWatchTime + 100ms, quiet);
  ASSERT_FALSE(suspects(7, kWatchTime + 100ms));
  see({rounding(5000 * kMs)}, 4s);
  EXPECT_TRUE(suspects(7, 4s));
  work(4050ms, 4s + kWatchTimeChanged - 100ms, rounding);
  EXPECT_TRUE(suspects(7, 4s + kWatchTimeChanged - 100ms));
  work(4s + kWatchTimeChanged - 50ms, 4s + kWatchTimeChanged + 100ms, rounding);
  EXPECT_FALSE(suspects(7, 4s + kWatchTimeChanged + 150ms)) << "looked at long enough, although it goes on";
}

TEST_F(ThreadWatchTest, AnAcquittedImageAcquitsItsOtherProcesses) {
  work(0s, kWatchTime + 100ms, quiet);
  see({of_pid(9, 0)}, 4s);
  see({of_pid(9, 50 * kMs)}, 4050ms);
  EXPECT_FALSE(suspects(9, 4050ms));
  see({of_pid(9, 100 * kMs, 0x7f80)}, 5s);
  EXPECT_TRUE(suspects(9, 5s)) << "it changed its control word";
  see({of_pid(11, 0)}, 5s);
  see({of_pid(11, 50 * kMs)}, 5050ms);
  EXPECT_TRUE(suspects(11, 5050ms)) << "and its image acquits nobody any more";
}

TEST_F(ThreadWatchTest, ARewrittenImageIsNotAcquitted) {
  work(0s, kWatchTime + 100ms, quiet);
  digest_ = "other";
  see({of_pid(9, 0)}, 4s);
  see({of_pid(9, 50 * kMs)}, 4050ms);
  EXPECT_TRUE(suspects(9, 4050ms));
}

TEST_F(ThreadWatchTest, LoadsAddUpThreadsAndForgetTheTimeBefore) {
  see({record(1'000'000), record(5'000'000, 0, 8)}, 0s);
  TaskRecord stopped = record(3'000'000);
  stopped.stopped = true;
  see({stopped, record(6'000'000, 0, 8), record(500, 0, 9)}, 1s);
  const auto loads = watch_.loads(1s);
  ASSERT_EQ(loads.size(), 1U);
  EXPECT_EQ(loads[0].cpu_ns, 3'000'500U);
  EXPECT_EQ(loads[0].lifetime_cpu_ns, 9'000'500U);
  EXPECT_EQ(loads[0].looks, 2U);
  EXPECT_EQ(loads[0].looks_stopped, 1U);
}

}  // namespace
}  // namespace davy::host

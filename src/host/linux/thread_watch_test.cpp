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

class ThreadWatchTest : public ::testing::Test {
 protected:
  auto see(std::vector<TaskRecord> walk, Nanoseconds at) { return watch_.see(walk, at); }
  ThreadWatch watch_{"bpf", "x86_64", true};
};

TEST_F(ThreadWatchTest, OnlyThreadsWhoseTimeAdvancedGiveSamples) {
  EXPECT_TRUE(see({record(100), record(100, 0x1f80, 8)}, 0s).empty());
  const auto samples = see({record(150, 0x7f80), record(100, 0x1f80, 8)}, 50ms);
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_EQ(samples[0].cpu_ns, 50U);
  EXPECT_EQ(samples[0].interval_ns, 50'000'000U);
  EXPECT_EQ(samples[0].fp_control, 0x7f80U);
  EXPECT_EQ(watch_.suspects(50ms), (std::set<std::int64_t>{7}));
}

TEST_F(ThreadWatchTest, AcquitsAfterManyQuietSamplesAndLooksAgainLater) {
  for (std::uint64_t i = 0; i <= kAcquittalSamples; ++i) see({record(i)}, std::chrono::milliseconds(i));
  EXPECT_TRUE(watch_.suspects(100ms).empty());
  EXPECT_FALSE(watch_.suspects(100ms + kAcquittalLasts).empty());
}

TEST_F(ThreadWatchTest, AnotherImageLosesTheAcquittal) {
  for (std::uint64_t i = 0; i <= kAcquittalSamples; ++i) see({record(i)}, std::chrono::milliseconds(i));
  TaskRecord other = record(1000);
  other.exe_inode = 6;
  see({other}, 100ms);
  EXPECT_FALSE(watch_.suspects(100ms).empty());
}

TEST_F(ThreadWatchTest, WhoeverChangedItsControlWordIsNeverAcquitted) {
  for (std::uint64_t i = 0; i <= 3 * kAcquittalSamples; ++i)
    see({record(i, i == 5 ? 0x3f80 : 0x1f80)}, std::chrono::milliseconds(i));
  EXPECT_FALSE(watch_.suspects(200ms).empty());
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

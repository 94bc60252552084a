#include "host/linux/task_walk.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cfenv>
#include <csignal>
#include <ctime>

#include "host/linux/fp_selftest.h"
#include "host/linux/proc_root.h"
#include "host/linux/proc_stat.h"
#include "host/linux/ptrace_sampler.h"

namespace davy::host {
namespace {

void expect_sees_this_process(TaskWalker& walker) {
  const auto walk = walker.walk({});
  ASSERT_TRUE(walk.has_value()) << describe(walk.error());
  const auto self =
      std::ranges::find_if(*walk, [](const TaskRecord& r) { return r.pid == ::getpid() && r.tid == ::getpid(); });
  ASSERT_NE(self, walk->end());
  EXPECT_EQ(self->parent_pid, ::getppid());
  EXPECT_EQ(self->uid, ::geteuid());
  EXPECT_TRUE(self->has_user_memory);
  EXPECT_FALSE(self->kernel_thread);
  EXPECT_NE(self->exe_inode, 0U);
  EXPECT_EQ(self->exe_links, 1U);
  EXPECT_EQ(walker.records_lost(), 0U);
}

TEST(ProcTaskWalker, SeesThisProcessAndOnlyTheWatched) {
  const auto root = ProcRoot::open();
  const auto walker = create_proc_task_walker(root->fd());
  expect_sees_this_process(*walker);
  const std::set<std::int64_t> watched = {::getpid()};
  const auto walk = walker->walk({.only_leaders = true, .watched = &watched});
  ASSERT_EQ(walk->size(), 1U);
}

TEST(BpfTaskWalker, SeesThisProcessAndPassesItsSelfTest) {
  auto walker = create_bpf_task_walker();
  if (!walker) GTEST_SKIP() << describe(walker.error());
  expect_sees_this_process(**walker);
  const auto tested = test_fp_control(**walker);
  EXPECT_TRUE(tested.has_value()) << describe(tested.error());
}

bool sleeps(pid_t pid) {
  const auto root = ProcRoot::open();
  const auto line = read_proc(root->fd(), std::to_string(pid) + "/stat", kStatBytesMax);
  const auto stat = line ? parse_proc_stat(*line) : Result<ProcStat>(tl::unexpected(line.error()));
  return stat && stat->state == 'S';
}

// A second walk leaves out the process that slept meanwhile and has this one, which did not.
void expect_only_the_advanced(TaskWalker& walker) {
  const pid_t sleeper = ::fork();
  if (sleeper == 0) {
    ::pause();
    ::_exit(0);
  }
  for (int attempt = 0; attempt < 200 && !sleeps(sleeper); ++attempt) ::usleep(10'000);
  ASSERT_TRUE(walker.walk({}).has_value());
  volatile std::uint64_t sink = 0;
  const std::clock_t stop = std::clock() + CLOCKS_PER_SEC / 20;  // processor time: several ticks of /proc
  while (std::clock() < stop) sink = sink + 1;
  const auto walk = walker.walk({.only_advanced = true});
  ::kill(sleeper, SIGKILL);
  ::waitpid(sleeper, nullptr, 0);
  ASSERT_TRUE(walk.has_value());
  const auto has = [&](pid_t pid) {
    return std::ranges::any_of(*walk, [pid](const TaskRecord& r) { return r.pid == pid; });
  };
  EXPECT_TRUE(has(::getpid()));
  EXPECT_FALSE(has(sleeper));
}

TEST(ProcTaskWalker, LeavesOutWhatDidNotAdvance) {
  const auto root = ProcRoot::open();
  expect_only_the_advanced(*create_proc_task_walker(root->fd()));
}

TEST(BpfTaskWalker, LeavesOutWhatDidNotAdvance) {
  auto walker = create_bpf_task_walker();
  if (!walker) GTEST_SKIP() << describe(walker.error());
  expect_only_the_advanced(**walker);
}

TEST(BpfTaskWalker, WalksOnlyTheWatchedOneByOneOrFiltered) {
  auto walker = create_bpf_task_walker();
  if (!walker) GTEST_SKIP() << describe(walker.error());
  for (const std::int64_t others : {0, 100}) {
    std::set<std::int64_t> watched = {::getpid()};
    for (std::int64_t i = 0; i < others; ++i) watched.insert(10'000'000 + i);
    const auto walk = (*walker)->walk({.watched = &watched});
    ASSERT_TRUE(walk.has_value()) << describe(walk.error());
    EXPECT_FALSE(walk->empty());
    EXPECT_TRUE(std::ranges::all_of(*walk, [](const TaskRecord& r) { return r.pid == ::getpid(); }));
  }
}

TEST(PtraceSampler, ReadsTheRoundingModeOfAnotherProcess) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::fesetround(FE_TOWARDZERO);
    for (;;) ::usleep(1000);
  }
  Result<std::uint32_t> control = fail(ErrorCode::io, "not sampled");
  for (int attempt = 0; attempt < 200; ++attempt) {
    control = sample_fp_control(child);
    if (!control || (*control >> 13 & 3U) == 3U) break;
    ::usleep(1000);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  if (!control && control.error().code == ErrorCode::permission_denied) GTEST_SKIP() << describe(control.error());
  ASSERT_TRUE(control.has_value()) << describe(control.error());
#if defined(__x86_64__)
  EXPECT_EQ(*control >> 13 & 3U, 3U);
#endif
}

}  // namespace
}  // namespace davy::host

#include "host/linux/task_walk.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cfenv>
#include <csignal>

#include "host/linux/fp_selftest.h"
#include "host/linux/proc_root.h"
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

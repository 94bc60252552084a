#include "host/linux/proc_stat.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "host/linux/proc_root.h"

namespace davy::host {
namespace {

TEST(ProcStat, NamesMayHoldAnything) {
  const std::string tail =
      " S 1 7 7 0 -1 4194560 1 2 3 4 50 60 0 0 20 5 1 0 12345 8192 100 0 0 0 0 0 0 0 0 0 0 0 0 0 17 3 0 0 0 0 0";
  for (const char* name : {"a b", "x) S 1 (", "", "\xff\n"}) {
    const auto stat = parse_proc_stat("42 (" + std::string(name) + ")" + tail);
    ASSERT_TRUE(stat.has_value()) << name;
    EXPECT_EQ(stat->comm, name);
    EXPECT_EQ(stat->parent_pid, 1);
    EXPECT_EQ(stat->utime_ticks, 50U);
    EXPECT_EQ(stat->nice, 5);
    EXPECT_EQ(stat->start_ticks, 12345U);
    EXPECT_EQ(stat->last_cpu, 3U);
  }
}

TEST(ProcStat, CutLinesAreErrors) {
  for (const char* line : {"", "42", "42 (a", "42 (a)", "42 (a) S 1", "x (a) S 1 2 3"})
    EXPECT_FALSE(parse_proc_stat(line)) << line;
}

TEST(ProcStat, StatusFieldsAreFoundAtTheStartOfALine) {
  EXPECT_EQ(parse_status_field("Name:\tx\nTgid:\t77\n", "Tgid"), 77U);
  EXPECT_FALSE(parse_status_field("Name:\tTgid:\t77\n", "Tgid"));
}

TEST(ProcRoot, ThreeWaysOfListingSeeThisProcess) {
  const auto root = ProcRoot::open();
  ASSERT_TRUE(root.has_value());
  const auto raw = pids_by_system_call(root->fd());
  ASSERT_TRUE(raw.has_value());
  EXPECT_TRUE(raw->contains(::getpid()));
  EXPECT_TRUE(pids_by_library()->contains(::getpid()));
  EXPECT_FALSE(is_covered(::getpid()));
}

}  // namespace
}  // namespace davy::host

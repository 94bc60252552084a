#include "host/linux/process_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "host/linux/image_reader.h"
#include "host/linux/proc_root.h"

namespace davy::host {
namespace {

TaskRecord record(std::int64_t pid, std::int64_t parent, std::string comm) {
  return {.pid = pid, .tid = pid, .parent_pid = parent, .has_user_memory = true, .comm = std::move(comm)};
}

TEST(ProcessReader, ReadsThisProcess) {
  const auto root = ProcRoot::open();
  const ProcessTable table = {{::getpid(), record(::getpid(), 1, "test")}};
  const Users users = Users::load();
  const auto seen = read_process({.proc_fd = root->fd(), .table = &table, .users = &users}, table.at(::getpid()));
  EXPECT_NE(seen.exe.find("host_test"), std::string::npos);
  EXPECT_FALSE(seen.argv.empty());
  EXPECT_NE(seen.executed_as.find("host_test"), std::string::npos);
  EXPECT_FALSE(seen.exe_in_memory);
}

TEST(ProcessReader, AProcessThatIsGoneGivesEmptyTexts) {
  const auto root = ProcRoot::open();
  const ProcessTable table = {{4'194'300, record(4'194'300, 1, "gone")}};
  const Users users;
  const auto seen = read_process({.proc_fd = root->fd(), .table = &table, .users = &users}, table.at(4'194'300));
  EXPECT_TRUE(seen.exe.empty());
  EXPECT_TRUE(seen.argv.empty());
  EXPECT_EQ(seen.comm, "gone");
}

TEST(ProcessReader, LineageEndsAtALoop) {
  const ProcessTable table = {{1, record(1, 0, "init")},
                              {5, record(5, 1, "sh")},
                              {6, record(6, 5, "x")},
                              {8, record(8, 9, "a")},
                              {9, record(9, 8, "b")}};
  EXPECT_EQ(lineage_of(table, 6), (std::vector<std::string>{"init", "sh", "x"}));
  EXPECT_LE(lineage_of(table, 8).size(), kLineageMax);
}

TEST(ProcessReader, AMegabyteOfArgumentsIsCutAndSaidSo) {
  bool cut = false;
  const auto argv = split_arguments(std::string(1U << 20, 'x'), cut);
  EXPECT_TRUE(cut);
  EXPECT_EQ(argv.size(), 1U);
  EXPECT_LE(argv[0].size(), model::kCommandLineBytesMax);
  split_arguments(std::string("a\0b\0\0\0", 6), cut);
  EXPECT_FALSE(cut);
}

TEST(ProcessReader, NamesThatAreNotUtf8ArePrintable) {
  bool cut = false;
  EXPECT_EQ(split_arguments(std::string("\xff\x1b[2J\0", 6), cut).at(0), "\xef\xbf\xbd?[2J");
}

TEST(ProcessReader, FindsTheContainerInAControlGroup) {
  const std::string id(64, 'a');
  EXPECT_EQ(container_of("/system.slice/docker-" + id + ".scope"), id);
  EXPECT_EQ(container_of("/kubepods/pod1/" + id), id);
  EXPECT_EQ(container_of("/user.slice/user-1000.slice"), "");
}

TEST(Users, ReadsOnlyWholeLines) {
  const Users users = Users::parse("root:x:0:0::/root:/bin/sh\nbroken\nanna:x:1000:1000::/home/anna:/bin/sh");
  EXPECT_EQ(users.name_of(0), "root");
  EXPECT_EQ(users.name_of(1000), "anna");
  EXPECT_EQ(users.name_of(77), "77");
}

TEST(ImageReader, KnowsWritablePlaces) {
  EXPECT_TRUE(is_writable_place("/dev/shm/x"));
  EXPECT_TRUE(is_writable_place("/home/anna/.cache/x (deleted)"));
  EXPECT_TRUE(is_writable_place("/opt/.hidden/x"));
  EXPECT_FALSE(is_writable_place("/usr/bin/ls"));
  EXPECT_FALSE(is_writable_place(""));
}

}  // namespace
}  // namespace davy::host

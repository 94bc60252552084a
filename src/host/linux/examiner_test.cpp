#include "host/linux/examiner.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "base/file.h"
#include "host/linux/close_look.h"
#include "host/linux/proc_root.h"

namespace davy::host {
namespace {

Json constants() {
  return *Json::parse(R"({"families":[{"family":"test","minimum_distinct":1,"weak":false,"source":"s",
                          "constants":[{"name":"a","hex":"00ff11ee22dd33cc44bb55aa"}]}]})");
}

class ExaminerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = Examiner::start(constants());
    if (!started) GTEST_SKIP() << describe(started.error());
    examiner_.emplace(std::move(*started));
  }
  // A plan for one buffer of this very process.
  static MemoryPlan plan(const std::string& bytes) {
    MemoryPlan out;
    out.windows = {
        {mining::MemoryWindow::Kind::anonymous_data, reinterpret_cast<std::uint64_t>(bytes.data()), bytes.size()}};
    return out;
  }
  std::optional<Examiner> examiner_;
};

TEST_F(ExaminerTest, ForeignBytesAreReadByAConfinedProcess) {
  EXPECT_TRUE(examiner_->worker().confinement().seccomp);
  EXPECT_TRUE(::geteuid() != 0 || examiner_->worker().confinement().unprivileged);
}

TEST_F(ExaminerTest, FindsWhatStandsInMemory) {
  std::string memory(100'000, 'x');
  memory.replace(5000, 12, std::string("\x00\xff\x11\xee\x22\xdd\x33\xcc\x44\xbb\x55\xaa", 12));
  const std::string text =
      R"({"cpu":{},"donate-level":1,"pools":[{"algo":"rx/0","url":"10.1.2.3:4444","user":"u","pass":"p"}]})";
  memory.replace(60'000, text.size() + 2, std::string(1, '\0') + text + std::string(1, '\0'));
  const auto seen = examiner_->examine_memory({::getpid(), 1}, plan(memory));
  ASSERT_TRUE(seen.has_value()) << describe(seen.error());
  ASSERT_EQ(seen->families.size(), 1U);
  ASSERT_EQ(seen->texts.size(), 1U);
  EXPECT_EQ(seen->texts[0].pool, "10.1.2.3:4444");
  EXPECT_EQ(seen->bytes, memory.size());
}

TEST_F(ExaminerTest, AProcessThatHasGoneIsAnErrorAndTheNextOneIsRead) {
  const std::string memory(4096, 'x');
  EXPECT_FALSE(examiner_->examine_memory({4'194'300, 1}, plan(memory)).has_value());
  EXPECT_TRUE(examiner_->examine_memory({::getpid(), 1}, plan(memory)).has_value());
}

TEST_F(ExaminerTest, AKilledWorkerCostsOneLook) {
  const std::string memory(4096, 'x');
  ::kill(examiner_->worker().pid(), SIGKILL);
  (void)examiner_->examine_memory({::getpid(), 1}, plan(memory));
  EXPECT_TRUE(examiner_->examine_memory({::getpid(), 1}, plan(memory)).has_value());
  EXPECT_GE(examiner_->worker().restarts(), 1);
}

TEST_F(ExaminerTest, ReadsTheHeadersOfAProgram) {
  const auto own = read_file("/proc/self/exe", 512U << 20);
  const auto traits = examiner_->examine_image(*own);
  ASSERT_TRUE(traits.has_value());
  EXPECT_TRUE(traits->is_elf);
  EXPECT_FALSE(traits->packed);
  EXPECT_FALSE(examiner_->examine_image(as_bytes("#!/bin/sh\n"))->is_elf);
}

TEST(ChooseSuspects, TheHiddenAndTheDisguisedComeFirst) {
  DescribedProcesses described;
  described[{1, 1}] = {.process = {1, 1}, .comm = "busy", .exe = "/usr/bin/busy"};
  described[{2, 1}] = {.process = {2, 1}, .comm = "kworker/0:1", .exe = "/tmp/x"};
  described[{3, 1}] = {.process = {3, 1}, .comm = "hidden", .exe = "/opt/h"};
  described[{4, 1}] = {.process = {4, 1}, .comm = "idle", .exe = "/usr/bin/idle"};
  const std::vector<model::ProcessLoad> loads = {{.process = {1, 1}, .interval_ns = 100, .cpu_ns = 90},
                                                 {.process = {4, 1}, .interval_ns = 1000, .cpu_ns = 1}};
  const std::vector<model::HiddenSeen> hidden = {{.process = {3, 1}, .walks = 2, .covered = true}};
  const auto chosen = choose_suspects(loads, described, hidden);
  EXPECT_EQ(chosen, (std::vector<model::ProcessId>{{3, 1}, {2, 1}, {1, 1}}));
}

}  // namespace
}  // namespace davy::host

#include "base/worker.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>

#include "base/file.h"
#include "base/worker_confine.h"

namespace davy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{10'000};

Bytes bytes_of(std::string_view words) { return {as_bytes(words).begin(), as_bytes(words).end()}; }

[[noreturn]] void spin() {
  for (;;) sched_yield();
}

// What a taken-over parser might try, by name.
Bytes misbehave(ByteView request, ByteView shared) {
  const std::string_view order = as_text(request);
  if (order == "socket") socket(AF_INET, SOCK_STREAM, 0);
  if (order == "exec") execl("/bin/true", "true", nullptr);
  if (order == "kill") kill(getppid(), 0);
  if (order == "spin") spin();
  if (order == "abort") abort();
  if (order == "throw") throw std::runtime_error("bad \x1b magic");
  if (order == "long") return Bytes(5000);
  if (order == "leave") _exit(3);
  if (order == "forge") {
    const std::uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 0x00};
    send(worker_detail::kSocketFd, huge, sizeof huge, 0);
  }
  if (order == "shared") return {shared.begin(), shared.end()};
  if (order == "unlock") {
    void* window = const_cast<std::uint8_t*>(shared.data());
    return bytes_of(mprotect(window, shared.size(), PROT_READ | PROT_WRITE) == 0 ? "writable" : "sealed");
  }
  return bytes_of(order);
}

Worker start(WorkerLimits limits = {}) { return Worker::start("test", limits, misbehave).value(); }

std::string ask(Worker& worker, std::string_view order, milliseconds timeout = kPatience) {
  const auto answer = worker.call(as_bytes(order), timeout);
  return answer ? std::string(as_text(*answer)) : describe(answer.error());
}

std::string status_of(int pid, std::string_view field) {
  const Bytes status = read_file("/proc/" + std::to_string(pid) + "/status", 1 << 16).value();
  const std::string_view lines = as_text(status);
  const std::size_t at = lines.find("\n" + std::string(field) + ":\t");
  if (at == std::string_view::npos) return "";
  const std::size_t value = at + field.size() + 3;
  return std::string(lines.substr(value, lines.find('\n', value) - value));
}

TEST(Worker, AnswersAsLongAsItIsAsked) {
  Worker worker = start();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask(worker, std::to_string(i)), std::to_string(i));
  EXPECT_EQ(ask(worker, ""), "");
  EXPECT_EQ(worker.restarts(), 0);
  EXPECT_EQ(worker.name(), "test");
}

TEST(Worker, IsLockedInBySeccomp) {
  Worker worker = start();
  EXPECT_TRUE(worker.confinement().seccomp);
  EXPECT_EQ(status_of(worker.pid(), "Seccomp"), "2");
  EXPECT_EQ(status_of(worker.pid(), "NoNewPrivs"), "1");
  EXPECT_EQ(status_of(worker.pid(), "CapEff"), "0000000000000000");
  EXPECT_EQ(status_of(worker.pid(), "CapPrm"), "0000000000000000");
  EXPECT_EQ(status_of(worker.pid(), "Threads"), "1");
}

TEST(Worker, IsNobodyWhenStartedByRoot) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  Worker worker = start();
  if (!worker.confinement().unprivileged) GTEST_SKIP() << "this user namespace maps no unprivileged user";
  EXPECT_EQ(status_of(worker.pid(), "Uid"), "65534\t65534\t65534\t65534");
  EXPECT_EQ(status_of(worker.pid(), "Gid"), "65534\t65534\t65534\t65534");
  EXPECT_EQ(status_of(worker.pid(), "Groups").find_first_of("0123456789"), std::string::npos);
}

TEST(Worker, ForbiddenCallsKillItAndTheNextOneAnswers) {
  Worker worker = start();
  int restarts = 0;
  for (const auto* order : {"socket", "exec", "kill"}) {
    const int before = worker.pid();
    const auto answer = worker.call(as_bytes(order), kPatience);
    ASSERT_FALSE(answer.has_value()) << order;
    EXPECT_EQ(answer.error().code, ErrorCode::interrupted);
    EXPECT_NE(answer.error().message.find("forbidden system call"), std::string::npos) << answer.error().message;
    EXPECT_EQ(worker.pid(), -1);
    EXPECT_EQ(ask(worker, "alive"), "alive");
    EXPECT_NE(worker.pid(), before);
    EXPECT_EQ(worker.restarts(), ++restarts);
    EXPECT_EQ(worker.failures(), restarts);
  }
}

TEST(Worker, CannotOpenFiles) {
#ifdef DAVY_SANITIZED
  GTEST_SKIP() << "the sanitizer's own reports need to open files";
#endif
  const auto open_file = [](ByteView, ByteView) { return read_file("/etc/passwd", 1 << 20).value_or(Bytes()); };
  Worker worker = Worker::start("opener", {}, open_file).value();
  EXPECT_NE(ask(worker, "").find("forbidden system call"), std::string::npos);
}

TEST(Worker, AHangCostsTheTimeoutOnly) {
  Worker worker = start();
  EXPECT_NE(ask(worker, "spin", milliseconds(50)).find("no answer in time"), std::string::npos);
  EXPECT_EQ(ask(worker, "alive"), "alive");
  EXPECT_EQ(worker.restarts(), 1);
}

TEST(Worker, ProcessorTimeIsLimitedForEachCall) {
  Worker worker = start({.cpu = milliseconds(20)});
  EXPECT_EQ(ask(worker, "alive"), "alive");
  const std::string end = ask(worker, "spin");
  EXPECT_NE(end.find("used up its processor time"), std::string::npos) << end;
}

TEST(Worker, DyingInAnyWayIsSurvived) {
  Worker worker = start();
  EXPECT_NE(ask(worker, "abort").find("worker lost"), std::string::npos);
  EXPECT_NE(ask(worker, "leave").find("it left with status 3"), std::string::npos);
  EXPECT_EQ(ask(worker, "alive"), "alive");
  EXPECT_EQ(worker.failures(), 2);
}

TEST(Worker, DyingBetweenTwoCallsCostsNone) {
  Worker worker = start();
  ASSERT_EQ(ask(worker, "alive"), "alive");
  kill(worker.pid(), SIGKILL);
  siginfo_t ended = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(worker.pid()), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(ask(worker, "later"), "later");
  EXPECT_EQ(worker.failures(), 1);
  EXPECT_EQ(worker.restarts(), 1);
}

TEST(Worker, AThrowingHandlerKeepsItsWorker) {
  Worker worker = start();
  const auto answer = worker.call(as_bytes("throw"), kPatience);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::malformed);
  EXPECT_EQ(answer.error().message, "bad ? magic");
  EXPECT_EQ(ask(worker, "alive"), "alive");
  EXPECT_EQ(worker.restarts(), 0);
}

TEST(Worker, MessagesHaveALimitBothWays) {
  Worker worker = start({.message_bytes_max = 4096});
  const Bytes largest(4096, 'x');
  EXPECT_EQ(worker.call(largest, kPatience).value(), largest);
  EXPECT_EQ(worker.call(Bytes(4097), kPatience).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(worker.restarts(), 0);
  EXPECT_NE(ask(worker, "long").find("longer than allowed"), std::string::npos);
  EXPECT_NE(ask(worker, "forge").find("longer than allowed"), std::string::npos);
  EXPECT_EQ(ask(worker, "alive"), "alive");
}

TEST(Worker, LargeMessagesPassWhole) {
  Worker worker = start();
  Bytes large(3'000'000);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 7);
  EXPECT_EQ(worker.call(large, kPatience).value(), large);
}

TEST(Worker, SeesTheWindowButCannotWriteIt) {
  Worker worker = start({.shared_bytes = 8192});
  ASSERT_EQ(worker.shared().size(), 8192U);
  std::ranges::fill(worker.shared(), std::uint8_t{'w'});
  EXPECT_EQ(ask(worker, "shared"), std::string(8192, 'w'));
  worker.shared()[8191] = 'z';
  EXPECT_EQ(ask(worker, "shared").back(), 'z');
  EXPECT_EQ(ask(worker, "unlock"), "sealed");
  EXPECT_TRUE(ask(worker, "abort").starts_with("worker lost"));
  EXPECT_EQ(ask(worker, "shared").back(), 'z') << "a restarted worker sees the same window";
}

TEST(Worker, MemoryIsLimited) {
#ifdef DAVY_SANITIZED
  GTEST_SKIP() << "address space cannot be limited under a sanitizer";
#endif
  const auto hoard = [](ByteView request, ByteView) { return Bytes(request.empty() ? 1 : 200U << 20); };
  WorkerLimits limits;
  limits.address_space_bytes = 64U << 20;
  limits.message_bytes_max = 400U << 20;
  Worker worker = Worker::start("hoarder", limits, hoard).value();
  EXPECT_EQ(worker.call(as_bytes("x"), kPatience).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(worker.call({}, kPatience).value().size(), 1U);
}

TEST(Worker, EndsWithItsOwner) {
  int pid = 0;
  {
    Worker worker = start();
    pid = worker.pid();
    Worker moved(std::move(worker));
    EXPECT_EQ(ask(moved, "alive"), "alive");
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

}  // namespace
}  // namespace davy

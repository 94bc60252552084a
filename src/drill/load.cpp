#include "drill/load.h"

#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>
#include <thread>

#include "drill/crew.h"
#include "drill/session.h"

namespace davy::drill {
namespace {

constexpr int kPollMs = 500;
constexpr std::int64_t kSecondNs = 1'000'000'000;

void end_now(int) { _exit(0); }

void lower_priority(const Plan& plan) {
  const int nice = plan.disguised(kNice) ? 19 : plan.nice;
  if (nice != 0) setpriority(PRIO_PROCESS, 0, nice);
  const sched_param none{};
  if (plan.disguised(kNice)) sched_setscheduler(0, SCHED_IDLE, &none);
}

class Load {
 public:
  Load(const Plan& plan, const Announcement& announcement) : plan_(plan), announcement_(announcement) {}
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() {
    stopped_ = true;
    if (preparing_.joinable()) preparing_.join();
  }

  Status run();

 private:
  Status open_descriptors();
  void begin_preparing();
  bool finished() const;
  Status turn();
  Status follow_preparation();
  void talk(bool readable);
  void pass_on_shares();
  void connect_again();
  void announce_work() const;

  const Plan plan_;
  const Announcement announcement_;
  UniqueFd signals_;
  UniqueFd wake_;
  std::atomic<bool> stopped_{false};
  std::atomic<bool> prepared_{false};
  Status preparation_;
  HashSource source_;
  std::thread preparing_;
  std::unique_ptr<Crew> crew_;
  std::optional<Session> session_;
  std::optional<Job> job_;
  bool announced_ = false;
  std::int64_t hashing_since_ns_ = 0;
  std::int64_t next_keepalive_ns_ = 0;
  std::int64_t next_connect_ns_ = 0;
};

Status Load::open_descriptors() {
  signals_ = TRY(stop_signals());
  wake_ = UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_) return fail_errno(errno, "cannot make an event descriptor");
  return {};
}

void Load::begin_preparing() {
  preparing_ = std::thread([this] {
    preparation_ = source_.prepare(plan_.algorithm, plan_.mode, stopped_);
    prepared_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
  });
}

bool Load::finished() const {
  return stopped_ || monotonic_ns() >= plan_.deadline_ns || (plan_.parent > 1 && getppid() != plan_.parent);
}

Status Load::run() {
  TRY(open_descriptors());
  if (plan_.has_pool) session_.emplace(TRY(Session::open(plan_)));
  next_keepalive_ns_ = monotonic_ns() + plan_.keepalive_seconds * kSecondNs;
  begin_preparing();
  while (!finished()) TRY(turn());
  stopped_ = true;
  if (crew_ && announcement_.with_pid) announce_work();
  crew_.reset();
  return {};
}

// So that a rate estimated from outside can be held against the true one. Nobody may be listening any more.
void Load::announce_work() const {
  SecretText line;
  const auto milliseconds = static_cast<std::uint64_t>((monotonic_ns() - hashing_since_ns_) / 1'000'000);
  line.add(mask("worked ")).add_number(crew_->hashes()).add(mask(" ")).add_number(milliseconds).add(mask("\n"));
  std::signal(SIGPIPE, SIG_IGN);
  [[maybe_unused]] const ssize_t written = write(announcement_.descriptor, line.view().data(), line.view().size());
}

Status Load::turn() {
  std::array<pollfd, 3> waits{{{signals_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}, {-1, POLLIN, 0}}};
  if (session_) waits[2].fd = session_->descriptor();
  poll(waits.data(), waits.size(), kPollMs);
  if (waits[0].revents != 0) stopped_ = true;
  std::uint64_t count = 0;
  if (waits[1].revents != 0) [[maybe_unused]]
    const ssize_t got = read(wake_.get(), &count, sizeof count);
  TRY(follow_preparation());
  if (plan_.has_pool) talk(waits[2].revents != 0);
  return {};
}

Status Load::follow_preparation() {
  if (prepared_ && !crew_ && (job_ || !plan_.has_pool)) {
    if (!preparation_) return preparation_;
    crew_ = std::make_unique<Crew>(plan_, source_, wake_.get());
    if (job_) crew_->set_job(*job_);
    hashing_since_ns_ = monotonic_ns();
    TRY(crew_->start());
  }
  if (announced_ || !crew_ || crew_->hashes() == 0) return {};
  announced_ = true;
  if (announcement_.with_pid) announce_ready(announcement_.descriptor, getpid());
  else if (write(announcement_.descriptor, "\n", 1) != 1) return fail_errno(errno, "the guardian has gone");
  return {};
}

void Load::talk(bool readable) {
  if (!session_) return connect_again();
  bool intact = true;
  if (readable) {
    const auto job = session_->receive();
    intact = job.has_value();
    if (intact && *job) {
      job_ = **job;
      if (crew_) crew_->set_job(*job_);
    }
  }
  if (intact && session_->logged_in() && monotonic_ns() >= next_keepalive_ns_) {
    intact = session_->keep_alive().has_value();
    next_keepalive_ns_ = monotonic_ns() + plan_.keepalive_seconds * kSecondNs;
  }
  if (!intact) {
    session_.reset();
    next_connect_ns_ = monotonic_ns() + kReconnectSeconds * kSecondNs;
  }
  pass_on_shares();
}

void Load::pass_on_shares() {
  if (!crew_) return;
  for (auto share = crew_->take_share(); share; share = crew_->take_share())
    if (session_ && session_->logged_in()) [[maybe_unused]]
      const Status sent = session_->submit(*share);
}

void Load::connect_again() {
  if (monotonic_ns() < next_connect_ns_) return;
  next_connect_ns_ = monotonic_ns() + kReconnectSeconds * kSecondNs;
  if (auto session = Session::open(plan_)) session_.emplace(std::move(*session));
}

}  // namespace

Status run_load(const Plan& plan, const Announcement& announcement) {
  arm_alarm(plan);
  lower_priority(plan);
  Load load(plan, announcement);
  return load.run();
}

void arm_alarm(const Plan& plan) {
  // A handler, not the default action: the first process of a pid namespace ignores the latter.
  struct sigaction action {};
  action.sa_handler = end_now;
  sigaction(SIGALRM, &action, nullptr);
  const std::int64_t left_ns = std::max<std::int64_t>(plan.deadline_ns - monotonic_ns(), 0);
  alarm(static_cast<unsigned>(left_ns / kSecondNs) + kAlarmGraceSeconds);
}

Result<UniqueFd> stop_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&wanted, signal);
  sigprocmask(SIG_BLOCK, &wanted, nullptr);
  UniqueFd fd(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return fail_errno(errno, "cannot make a signal descriptor");
  return fd;
}

void announce_ready(int descriptor, int pid) {
  SecretText line;
  line.add(mask("ready ")).add_number(static_cast<std::uint64_t>(pid)).add(mask("\n"));
  [[maybe_unused]] const ssize_t written = write(descriptor, line.view().data(), line.view().size());
}

}  // namespace davy::drill

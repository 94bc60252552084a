#include "drill/crew.h"

#include <unistd.h>

#include <cstring>
#include <ctime>

namespace davy::drill {
namespace {

constexpr std::int64_t kBurstNs = 5'000'000;  // fast hashes are done in bursts, so that rests are long enough to keep

std::int64_t thread_cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

struct Crew::Task {
  Job job;
  std::uint64_t generation = 0;
  std::uint32_t nonce = 0;
};

Crew::Crew(const Plan& plan, const HashSource& source, int wake_fd) : plan_(plan), source_(source), wake_fd_(wake_fd) {
  // Without another side there is still something to hash: a blob of zero bytes and a target that nothing meets.
  job_.blob_bytes = kBlobBytes;
}

Crew::~Crew() { stop(); }

Status Crew::start() {
  std::vector<HashMachine> machines;
  for (unsigned i = 0; i < plan_.threads; ++i) machines.push_back(TRY(HashMachine::create(source_)));
  for (std::uint32_t i = 0; i < plan_.threads; ++i)
    threads_.emplace_back([this, i, machine = std::move(machines[i])]() mutable { work(std::move(machine), i); });
  return {};
}

void Crew::set_job(const Job& job) {
  const MutexLock lock(mutex_);
  job_ = job;
  ++generation_;
}

std::optional<Share> Crew::take_share() {
  const MutexLock lock(mutex_);
  if (shares_.empty()) return std::nullopt;
  const Share share = shares_.front();
  shares_.pop_front();
  return share;
}

void Crew::stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  resting_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void Crew::work(HashMachine machine, std::uint32_t index) {
  Task task;
  task.nonce = index << 24U;
  {
    const MutexLock lock(mutex_);
    task.job = job_;
    task.generation = generation_;
  }
  while (!stopped_) {
    refresh(task);
    const std::int64_t begun = thread_cpu_ns();
    while (!stopped_ && thread_cpu_ns() - begun < kBurstNs) burst(machine, task);
    rest(thread_cpu_ns() - begun);
  }
}

// A few hashes without a look at the clock, which would cost more than the cheapest of them.
void Crew::burst(HashMachine& machine, Task& task) {
  const int count = plan_.algorithm == Algorithm::sha256d ? 64 : 1;
  std::array<std::uint8_t, 32> result{};
  for (int i = 0; i < count; ++i) {
    ++task.nonce;
    std::memcpy(task.job.blob.data() + kNonceOffset, &task.nonce, sizeof task.nonce);
    if (!machine.hash(ByteView(task.job.blob).first(task.job.blob_bytes), result)) return;
    if (task.job.target != 0 && read_u32_le(result, 28).value_or(UINT32_MAX) <= task.job.target) offer(task, result);
  }
  if (hashes_.fetch_add(static_cast<std::uint64_t>(count)) == 0) wake();
}

void Crew::refresh(Task& task) {
  if (task.generation == generation_) return;
  const MutexLock lock(mutex_);
  task.job = job_;
  task.generation = generation_;
}

void Crew::offer(const Task& task, const std::array<std::uint8_t, 32>& result) {
  {
    const MutexLock lock(mutex_);
    if (task.generation != generation_) return;
    if (shares_.size() >= kSharesMax) {
      ++dropped_;
      return;
    }
    shares_.push_back(Share{task.nonce, result, task.job.id});
  }
  wake();
}

void Crew::rest(std::int64_t worked_ns) {
  if (plan_.duty_percent >= 100) return;
  const std::int64_t pause_ns = worked_ns * (100 - plan_.duty_percent) / plan_.duty_percent;
  const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(pause_ns);
  const MutexLock lock(mutex_);
  while (!stopped_)
    if (!resting_.wait_until(mutex_, until)) return;
}

void Crew::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
}

}  // namespace davy::drill

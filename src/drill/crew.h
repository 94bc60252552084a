// The threads that hash: each works on the current job with its own nonces, rests as the duty cycle asks, and hands
// over results that meet the job's target.
//
// set_job(), take_share() and hashes() may be called from one other thread while the crew works. The HashSource must
// outlive the crew. Results beyond kSharesMax waiting ones are dropped and counted. Errors: those of HashMachine.
#pragma once

#include <atomic>
#include <deque>
#include <optional>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "drill/hashing.h"
#include "drill/messages.h"

namespace davy::drill {

class Crew {
 public:
  static constexpr std::size_t kSharesMax = 64;

  // `wake_fd` is an event descriptor that is written on the first hash and on every share.
  Crew(const Plan& plan, const HashSource& source, int wake_fd);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  Status start();
  void set_job(const Job& job) EXCLUDES(mutex_);
  std::optional<Share> take_share() EXCLUDES(mutex_);
  std::uint64_t hashes() const { return hashes_; }
  void stop() EXCLUDES(mutex_);

 private:
  struct Task;
  void work(HashMachine machine, std::uint32_t index);
  void burst(HashMachine& machine, Task& task);
  void refresh(Task& task) EXCLUDES(mutex_);
  void offer(const Task& task, const std::array<std::uint8_t, 32>& result) EXCLUDES(mutex_);
  void rest(std::int64_t worked_ns) EXCLUDES(mutex_);
  void wake() const;

  const Plan plan_;
  const HashSource& source_;
  const int wake_fd_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stopped_{false};
  std::atomic<std::uint64_t> hashes_{0};
  std::atomic<std::uint64_t> generation_{0};
  Mutex mutex_;
  Condition resting_;
  Job job_ GUARDED_BY(mutex_);
  std::deque<Share> shares_ GUARDED_BY(mutex_);
  std::uint64_t dropped_ GUARDED_BY(mutex_) = 0;
};

}  // namespace davy::drill

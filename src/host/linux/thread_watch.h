// Follows the processor time of threads from walk to walk: which threads advanced, what each process used, which
// processes are worth watching closely, and when one is acquitted.
//
// A process is a suspect while any of its threads' processor time advances. It is acquitted after kAcquittalSamples
// samples over which its threads advanced and every one had the control word that programs start with; an acquittal is
// bound to the process and its image and expires after kAcquittalLasts. (Not to the image alone: one interpreter runs
// honest and dishonest programs.) Pure: time comes in with the walk. Not thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "base/clock.h"
#include "host/linux/task_walk.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::uint32_t kAcquittalSamples = 60;
inline constexpr Nanoseconds kAcquittalLasts = std::chrono::seconds(60);

class ThreadWatch {
 public:
  // `use_fp_control`: whether the walker's control words can be trusted (fp_selftest).
  ThreadWatch(std::string source, std::string architecture, bool use_fp_control)
      : source_(std::move(source)), architecture_(std::move(architecture)), use_fp_control_(use_fp_control) {}

  // A walk taken at `now` (monotonic). Returns one sample for each thread that advanced since the walk before.
  std::vector<model::ThreadSample> see(std::span<const TaskRecord> walk, Nanoseconds now);

  // Processes to walk at the fast rate: advanced at the last full walk, not acquitted at `now`. Never `self`.
  std::set<std::int64_t> suspects(Nanoseconds now) const;

  // The processors on which suspects' threads were last seen.
  std::vector<std::uint32_t> processors(const std::set<std::int64_t>& pids) const;

  // What every process used since the first walk; those that used nothing are left out.
  std::vector<model::ProcessLoad> loads(Nanoseconds now) const;

  void never_suspect(std::int64_t pid) { never_.insert(pid); }

 private:
  struct Thread {
    std::uint64_t first_cpu_ns = 0, last_cpu_ns = 0;
    std::uint64_t first_switches = 0, last_switches = 0;
    Nanoseconds seen{0};
    std::uint32_t cpu = 0;
  };
  struct Process {
    std::map<std::int64_t, Thread> threads;
    std::uint64_t image_device = 0, image_inode = 0;
    Nanoseconds first_seen{0};
    Nanoseconds advanced_at{-1};
    std::uint32_t quiet_samples = 0;  // advanced, with the default control word
    bool changed_control = false;
    Nanoseconds acquitted_until{-1};
    std::uint32_t looks = 0, looks_stopped = 0;
  };
  void note_leader(Process& process, const TaskRecord& record) const;
  model::ThreadSample sample_of(const TaskRecord& record, std::uint64_t gained, Nanoseconds interval) const;
  void judge(Process& process, const model::ThreadSample& sample, Nanoseconds now) const;

  std::string source_, architecture_;
  bool use_fp_control_;
  std::map<model::ProcessId, Process> processes_;
  std::set<std::int64_t> never_;
};

}  // namespace davy::host

// Follows the processor time of threads from walk to walk: which threads advanced, what each process used, which
// processes are worth watching closely, and when they are acquitted.
//
// A process that advances is a suspect. It is watched for kWatchTime, and for kWatchTimeChanged when one of its threads
// had another control word than programs start with; then it is acquitted for kAcquittalLasts (kShortAcquittal when it
// gave few samples). What it shows in the slow walks meanwhile still counts: a changed control word ends an acquittal
// that was given for having none. An image whose processes are acquitted acquits its later processes too, so that a
// thousand short runs of one compiler are not a thousand suspects; it is bound to the inode and to the digest of the
// file, and ends for all when one of them changes its control word.
//
// Pure but for the digests: time comes in with the walk. Not thread-safe. Limits: kTasksMax processes, kImagesMax.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "base/clock.h"
#include "host/linux/task_walk.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr Nanoseconds kWatchTime = std::chrono::seconds(3);
inline constexpr Nanoseconds kWatchTimeChanged = std::chrono::seconds(12);
inline constexpr std::uint32_t kAcquittalSamples = 20;  // of threads that advanced; fewer earn a short acquittal
inline constexpr Nanoseconds kAcquittalLasts = std::chrono::seconds(60);
inline constexpr Nanoseconds kShortAcquittal = std::chrono::seconds(10);
inline constexpr Nanoseconds kActiveFor = std::chrono::seconds(2);  // after it last used kSuspectGainNs
inline constexpr std::uint64_t kSuspectGainNs = 1'000'000;          // a thousandth of a processor for a second
inline constexpr std::uint64_t kSampleGainNs = 50'000;              // less is added to the next sample
inline constexpr std::size_t kImagesMax = 4'096;

// Gives the digest of the image of a process, or nothing when it cannot be read.
using ImageDigest = std::function<std::string(std::int64_t pid)>;

class ThreadWatch {
 public:
  // `use_fp_control`: whether the walker's control words can be trusted (fp_selftest).
  ThreadWatch(std::string source, std::string architecture, bool use_fp_control, ImageDigest image_digest)
      : source_(std::move(source)),
        architecture_(std::move(architecture)),
        use_fp_control_(use_fp_control),
        image_digest_(std::move(image_digest)) {}

  // A walk taken at `now` (monotonic). Returns one sample for each thread that advanced since the walk before.
  std::vector<model::ThreadSample> see(std::span<const TaskRecord> walk, Nanoseconds now);

  // What the samples of see(), completed by other means where those exist, say about their processes.
  void weigh(std::span<const model::ThreadSample> samples, Nanoseconds now);

  // Processes to walk at the fast rate: active and not acquitted at `now`, at most kWatchedMax. Grants acquittals.
  std::set<std::int64_t> suspects(Nanoseconds now);

  // The processors on which the threads of active processes were last seen.
  std::vector<std::uint32_t> busy_processors(Nanoseconds now) const;

  // What every process used since the first walk; those that used nothing are left out.
  std::vector<model::ProcessLoad> loads(Nanoseconds now) const;

  // Processes that were left out because of kTasksMax.
  std::uint64_t lost() const { return lost_; }

  void never_suspect(std::int64_t pid) { never_.insert(pid); }

 private:
  using ImageKey = std::pair<std::uint64_t, std::uint64_t>;  // device, inode
  struct Thread {
    std::uint64_t first_cpu_ns = 0, last_cpu_ns = 0, sampled_cpu_ns = 0;
    std::uint64_t first_switches = 0, last_switches = 0;
    Nanoseconds sampled{0};
    std::uint32_t cpu = 0;
  };
  struct Process {
    std::map<std::int64_t, Thread> threads;
    ImageKey image{0, 0};
    Nanoseconds first_seen{0};
    std::uint64_t gain_ns = 0;  // not yet enough to be active
    Nanoseconds active_at{-1};
    Nanoseconds watched_since{-1};
    std::uint32_t samples = 0;       // since then
    bool changed_control = false;    // since then
    bool acquitted_changed = false;  // acquitted although it had changed it: looked at long enough
    Nanoseconds acquitted_until{-1};
    bool asked_image = false;  // whether its image is acquitted was looked up
    std::uint32_t looks = 0, looks_stopped = 0;
  };
  struct Image {
    std::string digest;
    Nanoseconds acquitted_until{-1};
  };

  Process* process_of(const TaskRecord& record, Nanoseconds now);
  void note_leader(Process& process, const TaskRecord& record) const;
  void advance(const model::ProcessId& id, Process& process, std::uint64_t gained, Nanoseconds now);
  model::ThreadSample sample_of(const TaskRecord& record, std::uint64_t gained, Nanoseconds interval) const;
  bool is_acquitted(std::int64_t pid, Process& process, Nanoseconds now);
  void acquit(std::int64_t pid, Process& process, Nanoseconds now);

  std::string source_, architecture_;
  bool use_fp_control_;
  ImageDigest image_digest_;
  std::map<model::ProcessId, Process> processes_;
  std::map<model::ProcessId, Process*> active_;
  std::map<ImageKey, Image> images_;
  std::set<std::int64_t> never_;
  std::uint64_t lost_ = 0;
};

}  // namespace davy::host

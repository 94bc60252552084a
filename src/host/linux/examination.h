// davy check's senses in their order: who runs, what it does with the processor, who is hidden, what stands in memory,
// which connections there are. Everything seen goes to one sink as observations; nothing is judged here.
//
// Runs in the caller's thread for about options.observe and a little more. Changes nothing on the host (the ptrace
// fallback stops a thread for an instant). What cannot be seen is reported as a sense that is off, with the reason.
// Limits: kSuspectsMax processes examined closely, kCloseLookTime for all of them together; what is over is counted.
//
//   TRY(examine_host({.observe = 1s}, &*examiner, sink, progress));
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "host/linux/examiner.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::size_t kSuspectsMax = 32;
inline constexpr std::chrono::milliseconds kCloseLookTime{1'200};
inline constexpr std::chrono::milliseconds kFastWalk{50};
inline constexpr std::chrono::milliseconds kFullWalk{1'000};
inline constexpr std::chrono::milliseconds kFirstFullWalks{200};  // in the first second: who rests now works soon
inline constexpr double kCloseLookShare = 0.01;                   // of one processor, to be looked at closely

struct ExaminationOptions {
  Nanoseconds observe = std::chrono::seconds(1);
  bool memory = true;
  bool bpf = true;
  double watts_per_core = 0.0;
};

// `examiner` may be null (then memory and program headers are not read; `why_no_examiner` is reported). `progress` is
// called now and then with the share that is done, 0 to 1. Errors: permission_denied or io when there is no procfs.
Status examine_host(const ExaminationOptions& options, Examiner* examiner, const std::string& why_no_examiner,
                    Clock& clock, model::ObservationSink& sink, const std::function<void(double)>& progress);

}  // namespace davy::host

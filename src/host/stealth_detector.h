// Signs that a process hides: from the list of processes, behind a kernel thread's name, without a file, behind changed
// arguments, by stopping and continuing; and that the machine's own tools are made to tell less than the truth.
#pragma once

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::uint32_t kHiddenWalks = 2;   // one miss is a process that ended in between
inline constexpr std::uint32_t kStopLooksMin = 3;  // looks of each state before a rhythm is called one

class StealthDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;
};

// "kworker/0:1", "[kswapd0]": the names that kernel threads have and programs borrow.
bool is_kernel_thread_name(std::string_view name);

}  // namespace davy::host

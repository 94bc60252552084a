// The closer look at the few processes that deserve one: program file, package, memory, input and output calls.
//
// Not thread-safe (the examiner is not). Limits: kSuspectsMax, kCloseLookTime of examination.h.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "host/linux/examiner.h"
#include "model/observation.h"

namespace davy::host {

struct CloseLookScope {
  int proc_fd = -1;
  Examiner* examiner = nullptr;
  bool memory = true;
  const Clock* clock = nullptr;
};

struct CloseLookResult {
  std::vector<model::ImageSeen> images;
  std::vector<model::MemorySeen> memories;
  std::map<model::ProcessId, std::uint64_t> io_calls;  // per second
  std::uint64_t unreadable = 0;
  std::uint64_t over_limit = 0;
  bool packages_known = false;
  std::string why_no_memory;  // empty when memory was read wherever it was wanted
};

using DescribedProcesses = std::map<model::ProcessId, model::ProcessSeen>;

// The hidden, the disguised and those that use the processor, in this order and then by use; without kernel threads.
std::vector<model::ProcessId> choose_suspects(std::span<const model::ProcessLoad> loads,
                                              const DescribedProcesses& described,
                                              std::span<const model::HiddenSeen> hidden);

CloseLookResult look_closely(const CloseLookScope& scope, const std::vector<model::ProcessId>& suspects,
                             const DescribedProcesses& described);

}  // namespace davy::host

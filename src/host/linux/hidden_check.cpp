#include "host/linux/hidden_check.h"

namespace davy::host {

void HiddenCheck::look(const Listings& listings) {
  ++looks_;
  for (const auto& [pid, start] : listings.kernel) {
    const model::ProcessId process{pid, start};
    const bool in_proc = listings.by_system_call.contains(pid);
    const bool in_library = listings.by_library.contains(pid);
    const bool covered = listings.covered.contains(pid);
    if (in_proc && in_library && !covered) continue;
    model::HiddenSeen& seen = missing_[process];
    seen.process = process, seen.witness = witness_, ++seen.walks;
    seen.missing_in_proc = !in_proc, seen.missing_in_library = in_proc && !in_library, seen.covered = covered;
  }
  std::erase_if(missing_, [this](const auto& item) { return item.second.walks < looks_; });
}

std::vector<model::HiddenSeen> HiddenCheck::hidden() const {
  std::vector<model::HiddenSeen> out;
  for (const auto& [process, seen] : missing_) out.push_back(seen);
  return out;
}

}  // namespace davy::host

// The BPF programs loaded in this kernel. Needs CAP_SYS_ADMIN or CAP_BPF. Thread-safe.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::size_t kBpfProgramsMax = 4'096;

// Without those whose ids are in `own`.
Result<std::vector<model::BpfProgramSeen>> list_bpf_programs(std::span<const std::uint32_t> own);

}  // namespace davy::host

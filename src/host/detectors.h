// Everything that turns observations of a host into evidence: the one list that live and replayed examinations use.
#pragma once

#include <memory>
#include <vector>

#include "intel/knowledge.h"
#include "model/evidence.h"

namespace davy::host {

inline constexpr std::size_t kProcessesKeptMax = 65'536;  // by any one detector; what is over bears no evidence

// `knowledge` must outlive them. Each is deterministic; not thread-safe.
std::vector<std::unique_ptr<model::Detector>> create_detectors(const intel::Knowledge& knowledge);

}  // namespace davy::host

// Everything that turns observations of the wire into evidence: the one list that captures, live sensors and replays
// use.
#pragma once

#include <memory>
#include <vector>

#include "intel/knowledge.h"
#include "model/evidence.h"

namespace davy::network {

inline constexpr std::size_t kFlowsKeptMax = 100'000;  // by a detector; what is over bears no evidence

// `knowledge` must outlive them. Each is deterministic; not thread-safe.
std::vector<std::unique_ptr<model::Detector>> create_detectors(const intel::Knowledge& knowledge);

}  // namespace davy::network

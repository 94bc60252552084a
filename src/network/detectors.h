// Everything that turns observations of the wire into evidence: the one list that captures, live sensors and replays
// use.
#pragma once

#include <memory>
#include <vector>

#include "intel/knowledge.h"
#include "model/evidence.h"

namespace davy::network {

// By a detector; the flows that were told of longest ago are forgotten, and then bear no more evidence.
inline constexpr std::size_t kFlowsKeptMax = 200'000;
inline constexpr std::size_t kClientsKeptMax = 65'536;
inline constexpr Nanoseconds kFlowsKeptFor = std::chrono::hours(24);

// `knowledge` must outlive them. Each is deterministic; not thread-safe.
std::vector<std::unique_ptr<model::Detector>> create_detectors(const intel::Knowledge& knowledge);

}  // namespace davy::network

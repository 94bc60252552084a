// What behaviour on the wire proves: crossing of zones, devices, habits of hosts, beacons, management of miners.
//
// Each is deterministic and not thread-safe; what is declared arrives as a PolicySeen, before the traffic. Limits:
// those of limits.h. `knowledge` must outlive them.
#pragma once

#include <memory>
#include <vector>

#include "intel/knowledge.h"
#include "model/evidence.h"

namespace davy::network::behaviour {

void add_detectors(const intel::Knowledge& knowledge, std::vector<std::unique_ptr<model::Detector>>& out);

}  // namespace davy::network::behaviour

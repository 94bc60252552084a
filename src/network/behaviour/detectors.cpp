#include "network/behaviour/detectors.h"

#include "network/behaviour/beacon_detector.h"
#include "network/behaviour/device_detector.h"
#include "network/behaviour/habit_detector.h"
#include "network/behaviour/zone_detector.h"

namespace davy::network::behaviour {

void add_detectors(const intel::Knowledge& knowledge, std::vector<std::unique_ptr<model::Detector>>& out) {
  out.push_back(std::make_unique<ZoneDetector>());
  out.push_back(std::make_unique<DeviceDetector>(knowledge));
  out.push_back(std::make_unique<HabitDetector>());
  out.push_back(std::make_unique<BeaconDetector>());
}

}  // namespace davy::network::behaviour

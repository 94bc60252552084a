// What behaviour on the wire proves: crossing of zones, devices, habits of hosts, beacons, management of miners.
//
// What is declared arrives as a PolicySeen, before the traffic, and is read once for all parts. Deterministic; not
// thread-safe. Limits: those of limits.h. `knowledge` must outlive it.
#pragma once

#include <memory>

#include "network/behaviour/beacon_detector.h"
#include "network/behaviour/device_detector.h"
#include "network/behaviour/habit_detector.h"
#include "network/behaviour/zone_detector.h"

namespace davy::network::behaviour {

class BehaviourDetector final : public model::Detector {
 public:
  explicit BehaviourDetector(const intel::Knowledge& knowledge) : devices_(knowledge) {}
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  std::unique_ptr<Declared> declared_ = std::make_unique<Declared>();
  ZoneDetector zones_;
  DeviceDetector devices_;
  HabitDetector habits_;
  BeaconDetector beacons_;
};

}  // namespace davy::network::behaviour

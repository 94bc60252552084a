#include "network/behaviour/behaviour_detector.h"

namespace davy::network::behaviour {

void BehaviourDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* policy = std::get_if<model::PolicySeen>(&observation.value)) {
    declared_ = std::make_unique<Declared>(*policy);
    return;
  }
  zones_.observe(observation, *declared_, sink);
  devices_.observe(observation, *declared_, sink);
  habits_.observe(observation, *declared_, sink);
  beacons_.observe(observation, *declared_, sink);
}

}  // namespace davy::network::behaviour

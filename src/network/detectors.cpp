#include "network/detectors.h"

#include "network/behaviour/behaviour_detector.h"
#include "network/flow_detector.h"
#include "network/names/name_detector.h"
#include "network/probe/probe_detector.h"

namespace davy::network {

std::vector<std::unique_ptr<model::Detector>> create_detectors(const intel::Knowledge& knowledge) {
  std::vector<std::unique_ptr<model::Detector>> out;
  out.push_back(std::make_unique<FlowDetector>(knowledge));
  out.push_back(std::make_unique<NameDetector>(knowledge));
  out.push_back(std::make_unique<behaviour::BehaviourDetector>(knowledge));
  out.push_back(std::make_unique<probe::ProbeDetector>());
  return out;
}

}  // namespace davy::network

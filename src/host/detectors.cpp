#include "host/detectors.h"

#include "host/identity_detector.h"
#include "host/image_detector.h"
#include "host/load_detector.h"
#include "host/memory_detector.h"
#include "host/rounding_detector.h"
#include "host/socket_detector.h"
#include "host/stealth_detector.h"
#include "host/subject_detector.h"

namespace davy::host {

std::vector<std::unique_ptr<model::Detector>> create_detectors(const intel::Knowledge& knowledge) {
  std::vector<std::unique_ptr<model::Detector>> out;
  out.push_back(std::make_unique<SubjectDetector>());
  out.push_back(std::make_unique<RoundingDetector>());
  out.push_back(std::make_unique<MemoryDetector>(knowledge));
  out.push_back(std::make_unique<IdentityDetector>(knowledge));
  out.push_back(std::make_unique<ImageDetector>());
  out.push_back(std::make_unique<StealthDetector>());
  out.push_back(std::make_unique<SocketDetector>(knowledge));
  out.push_back(std::make_unique<LoadDetector>());
  return out;
}

}  // namespace davy::host

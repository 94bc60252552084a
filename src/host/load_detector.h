// Use of the processor. Never more than a hint: honest work looks the same.
#pragma once

#include <map>

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr double kSustainedCores = 0.9;
inline constexpr double kLowPriorityCores = 0.5;
inline constexpr std::int32_t kLowPriorityNice = 10;

class LoadDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  std::map<model::ProcessId, std::int32_t> nice_;
};

}  // namespace davy::host

// Describes the subjects that evidence speaks about: this host and its processes. Bears no evidence itself.
#pragma once

#include <map>

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

class SubjectDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  void see(const model::ProcessSeen& seen, model::EvidenceSink& sink);

  model::HostSeen host_;
  std::map<model::ProcessId, model::ProcessSubject> processes_;
};

}  // namespace davy::host

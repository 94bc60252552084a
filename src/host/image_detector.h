// The program file behind a process: packed, stripped of its sections, outside any package in a writable place; and,
// against, owned by a package and unchanged. Evidence sits on the file, which is linked to its process.
#pragma once

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

class ImageDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;
};

}  // namespace davy::host

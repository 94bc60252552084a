// The way from observations to findings: every detector, one judge. Live and replayed examinations run through
// this same code, so a recording gives the same findings.
//
// Not thread-safe. The catalogue and knowledge must outlive it.
#pragma once

#include <memory>
#include <vector>

#include "cli/report.h"
#include "detection/judge.h"
#include "intel/knowledge.h"
#include "model/observation.h"

namespace davy::cli {

inline constexpr std::size_t kSensesMax = 256;  // of one examination; what is over is counted

class Pipeline final : public model::ObservationSink {
 public:
  Pipeline(const detection::Catalogue& catalogue, const intel::Knowledge& knowledge);
  ~Pipeline() override;

  void accept(model::Observation observation) override;

  // What was found and what was examined so far; `command` and times are the caller's.
  Examination result() const;

 private:
  void count(const model::Observation& observation);
  void count(const model::CaptureEnd& capture);

  detection::Judge judge_;
  std::vector<std::unique_ptr<model::Detector>> detectors_;
  Examination so_far_;
  std::uint64_t senses_left_out_ = 0;
};

}  // namespace davy::cli

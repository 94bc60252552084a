#include "host/load_detector.h"

#include <cmath>

#include "host/detectors.h"
#include "host/evidence_parts.h"

namespace davy::host {

void LoadDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* process = std::get_if<model::ProcessSeen>(&observation.value)) {
    if (process->nice >= kLowPriorityNice && nice_.size() < kProcessesKeptMax) nice_[process->process] = process->nice;
    return;
  }
  const auto* load = std::get_if<model::ProcessLoad>(&observation.value);
  if (load == nullptr || load->interval_ns == 0) return;
  const double cores = static_cast<double>(load->cpu_ns) / static_cast<double>(load->interval_ns);
  Json detail = Json::object();
  detail.set("cores", std::round(cores * 10.0) / 10.0);
  if (cores >= kSustainedCores) sink.add(evidence("load.sustained", key_of(load->process), observation.at, detail));
  if (const auto nice = nice_.find(load->process); nice != nice_.end() && cores >= kLowPriorityCores) {
    detail.set("nice", int{nice->second});
    sink.add(evidence("load.low_priority", key_of(load->process), observation.at, std::move(detail)));
  }
}

}  // namespace davy::host

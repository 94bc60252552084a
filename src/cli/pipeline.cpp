#include "cli/pipeline.h"

#include "host/detectors.h"
#include "network/detectors.h"

namespace davy::cli {

Pipeline::Pipeline(const detection::Catalogue& catalogue, const intel::Knowledge& knowledge)
    : judge_(catalogue), detectors_(host::create_detectors(knowledge)) {
  for (auto& detector : network::create_detectors(knowledge)) detectors_.push_back(std::move(detector));
}

Pipeline::~Pipeline() = default;

void Pipeline::count(const model::Observation& observation) {
  if (const auto* host = std::get_if<model::HostSeen>(&observation.value))
    so_far_.watts_per_core = host->watts_per_core;
  if (const auto* sense = std::get_if<model::SenseSeen>(&observation.value)) {
    if (so_far_.senses.size() < kSensesMax) so_far_.senses.push_back(*sense);
    else ++senses_left_out_;
  }
  if (std::holds_alternative<model::SocketSeen>(observation.value) ||
      std::holds_alternative<model::ProbeSeen>(observation.value))
    ++so_far_.examined.flows;
  if (std::holds_alternative<model::ImageSeen>(observation.value)) ++so_far_.examined.files;
  if (const auto* memory = std::get_if<model::MemorySeen>(&observation.value)) so_far_.examined.bytes += memory->bytes;
  if (const auto* capture = std::get_if<model::CaptureEnd>(&observation.value)) count(*capture);
  so_far_.ended_at_ns = std::max(so_far_.ended_at_ns, observation.at.nanoseconds);
  const auto* end = std::get_if<model::ExaminationEnd>(&observation.value);
  if (end == nullptr) return;
  so_far_.ended = true;
  so_far_.examined.processes = end->processes, so_far_.examined.threads = end->threads;
  so_far_.seconds = static_cast<double>(end->observed_ns) / 1e9;
  so_far_.dropped.events = end->lost, so_far_.dropped.truncated = end->truncated;
  so_far_.dropped.unreadable = end->unreadable, so_far_.dropped.limit = end->over_limit;
}

void Pipeline::count(const model::CaptureEnd& capture) {
  so_far_.ended = true;
  so_far_.examined.packets += capture.packets, so_far_.examined.bytes += capture.bytes;
  so_far_.examined.flows += capture.flows;
  so_far_.dropped.packets += capture.dropped + capture.malformed + capture.unsupported;
  so_far_.dropped.truncated += capture.truncated;
  so_far_.dropped.limit += capture.evicted + capture.unread;
  so_far_.dropped.events += capture.skipped;
}

void Pipeline::accept(model::Observation observation) {
  count(observation);
  for (const auto& detector : detectors_) detector->observe(observation, judge_);
}

Examination Pipeline::result() const {
  Examination out = so_far_;
  out.findings = judge_.findings();
  out.dropped.limit += judge_.dropped() + senses_left_out_;
  return out;
}

}  // namespace davy::cli

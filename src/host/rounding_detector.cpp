#include "host/rounding_detector.h"

#include <algorithm>
#include <numeric>

#include "host/evidence_parts.h"
#include "mining/randomx.h"

namespace davy::host {
namespace {

constexpr const char* kModeNames[] = {"nearest", "down", "up", "zero"};

}  // namespace

void RoundingDetector::sample(const model::ThreadSample& sample) {
  if (!sample.has_fp_control || sample.cpu_ns == 0) return;
  const std::pair key{sample.process, sample.tid};
  if (threads_.size() >= kThreadsKeptMax && !threads_.contains(key)) return;
  const auto control = mining::decode_fp_control(sample.architecture, sample.fp_control);
  Thread& thread = threads_[key];
  thread.process = sample.process;
  ++thread.samples[control.rounding_mode & 3U];
  if (control.flushes_denormals) ++thread.flushing;
}

void RoundingDetector::conclude(Timestamp at, model::EvidenceSink& sink) const {
  std::map<model::ProcessId, Json> best;
  for (const auto& [key, thread] : threads_) {
    const auto modes = static_cast<unsigned>(std::ranges::count_if(thread.samples, [](auto n) { return n > 0; }));
    if (modes < mining::kModesForRandomX) continue;
    const std::uint32_t total = std::accumulate(thread.samples.begin(), thread.samples.end(), 0U);
    Json& detail = best[thread.process];
    if (detail["modes"].uint_or(0) >= modes && detail["samples"].uint_or(0) >= total) continue;
    Json shares = Json::object();
    for (std::size_t mode = 0; mode < thread.samples.size(); ++mode) shares.set(kModeNames[mode], thread.samples[mode]);
    detail = Json::object();
    detail.set("modes", modes).set("samples", total).set("thread", key.second).set("by_mode", std::move(shares));
    detail.set("flushing", thread.flushing);
  }
  for (auto& [process, detail] : best)
    sink.add(evidence("randomx.rounding_modes", key_of(process), at, std::move(detail)));
}

void RoundingDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* seen = std::get_if<model::ThreadSample>(&observation.value)) sample(*seen);
  if (std::holds_alternative<model::ExaminationEnd>(observation.value)) conclude(observation.at, sink);
}

}  // namespace davy::host

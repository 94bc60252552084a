// RandomX by its rounding modes.
//
// Problem: a renamed, packed miner with its pool behind TLS shows no name, no string, no port. But RandomX programs
// change the processor's rounding mode thousands of times a second, and the kernel saves the control register whenever
// a thread leaves a processor. Sampling that register at 20 Hz shows all four modes within a fraction of a second;
// ordinary programs show one, interval arithmetic two.
// Rule: three or more distinct modes in one thread, counted only on samples over which its processor time advanced.
// Source: own measurements (docs/evidence.md); the idea of looking at rounding bits goes back to randomx-sniffer
// (tevador, 2019), Pixie (2022) and Kubescape's randomx gadget.
#pragma once

#include <array>
#include <map>

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::size_t kThreadsKeptMax = 65'536;

class RoundingDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  struct Thread {
    model::ProcessId process;
    std::array<std::uint32_t, 4> samples{};  // by rounding mode
    std::uint32_t flushing = 0;              // samples with denormals flushed to zero
  };
  void sample(const model::ThreadSample& sample);
  void conclude(Timestamp at, model::EvidenceSink& sink) const;

  std::map<std::pair<model::ProcessId, std::int64_t>, Thread> threads_;
};

}  // namespace davy::host

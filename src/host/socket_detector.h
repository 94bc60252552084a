// The connections of each process: known pools, ports that pools use, and the shape that every miner's connection has
// whatever it computes: one long thin flow in a process that computes all the time and hardly calls the system.
#pragma once

#include <map>
#include <vector>

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

// A conversation with a pool is a few hundred bytes every few seconds; these bounds leave room for a busy one.
inline constexpr std::uint64_t kThinBytesAtStart = 16'384;
inline constexpr std::uint64_t kThinBytesPerCpuSecond = 2'048;
inline constexpr std::uint64_t kThinCpuNsMin = 500'000'000;  // since the process started
inline constexpr double kThinSwitchesPerCpuSecond = 200.0;
inline constexpr double kThinIoPerCpuSecond = 100.0;
inline constexpr std::size_t kThinFlowsMax = 4;
inline constexpr std::size_t kSocketsKeptMax = 65'536;

class SocketDetector final : public model::Detector {
 public:
  explicit SocketDetector(const intel::Knowledge& knowledge) : knowledge_(&knowledge) {}
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  void see(const model::SocketSeen& seen, Timestamp at, model::EvidenceSink& sink);
  void conclude(const model::ProcessLoad& load, Timestamp at, model::EvidenceSink& sink);

  const intel::Knowledge* knowledge_;
  std::map<model::ProcessId, std::vector<model::SocketSeen>> flows_;  // established ones
  std::size_t kept_ = 0;
};

}  // namespace davy::host

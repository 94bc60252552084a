// Finds devices that nobody declared, visitors whose time is over, and machines made for mining: by their maker's
// number, by the name they give, by the management that they answer. Not thread-safe. Limit: kDevicesMax devices and
// addresses.
#pragma once

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "network/behaviour/devices.h"
#include "network/behaviour/policy.h"

namespace davy::network::behaviour {

class DeviceDetector {
 public:
  explicit DeviceDetector(const intel::Knowledge& knowledge) : knowledge_(&knowledge) {}
  void observe(const model::Observation& observation, const Declared& declared, model::EvidenceSink& sink);

 private:
  void see(const model::DeviceSeen& seen, const Declared& declared, Timestamp at, model::EvidenceSink& sink);
  void see(const model::MinerServiceSeen& seen, Timestamp at, model::EvidenceSink& sink) const;
  void judge_standing(const model::DeviceSeen& seen, const Declared& declared, Timestamp at, model::EvidenceSink& sink);
  void judge_maker(const model::DeviceSeen& seen, Timestamp at, model::EvidenceSink& sink) const;
  bool is_learning(const Declared& declared, Timestamp at);

  const intel::Knowledge* knowledge_;
  std::int64_t began_ns_ = 0;
  Recent<std::string, bool> learnt_{kDevicesMax, std::chrono::hours(24 * 365)};                // MACs
  Recent<std::string, model::DeviceSubject> by_address_{kDevicesMax, std::chrono::hours(24)};  // who last had it
};

}  // namespace davy::network::behaviour

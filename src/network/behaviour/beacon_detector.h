// Finds clients that come to a server outside like a clock, unless many do (software that many have) or the server is
// declared.
//
// A client is noted when it has come kContactsToTell times and judged when it has come twice as often, or when the
// capture ends: by then the others with the same software are noted too. Not thread-safe. Limit: kPairsMax clients and
// servers; what is over is not judged.
#pragma once

#include <map>
#include <memory>

#include "model/evidence.h"
#include "network/behaviour/policy.h"

namespace davy::network::behaviour {

class BeaconDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  struct Contact {
    model::ContactsSeen seen;
    Timestamp at;
  };
  using Clients = std::map<std::string, Contact>;
  void see(const model::ContactsSeen& seen, Timestamp at, model::EvidenceSink& sink);
  void judge(const Contact& contact, const Clients& clients, model::EvidenceSink& sink) const;

  std::unique_ptr<Declared> declared_ = std::make_unique<Declared>();
  std::map<std::pair<std::string, std::uint16_t>, Clients> servers_;  // regular clients of each
  std::size_t contacts_ = 0;
};

}  // namespace davy::network::behaviour

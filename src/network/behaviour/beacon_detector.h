// Finds clients that come to a server outside like a clock, unless many do (software that many have) or the server is
// declared.
//
// A client is noted when it has come kContactsToTell times and judged when it has come twice as often, or when the
// capture ends: by then the others with the same software are noted too. Not thread-safe. Limit: kPairsMax clients and
// servers; what is over is not judged.
#pragma once

#include <map>

#include "model/evidence.h"
#include "network/behaviour/policy.h"

namespace davy::network::behaviour {

class BeaconDetector {
 public:
  void observe(const model::Observation& observation, const Declared& declared, model::EvidenceSink& sink);

 private:
  struct Contact {
    model::ContactsSeen seen;
    Timestamp at;
  };
  using Clients = std::map<std::string, Contact>;
  void see(const model::ContactsSeen& seen, const Declared& declared, Timestamp at, model::EvidenceSink& sink);
  static void judge(const Contact& contact, const Clients& clients, const Declared& declared,
                    model::EvidenceSink& sink);

  std::map<std::pair<std::string, std::uint16_t>, Clients> servers_;  // regular clients of each
  std::size_t contacts_ = 0;
};

}  // namespace davy::network::behaviour

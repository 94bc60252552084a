// Conversations in clear: both sides fitting one dialect, shares that hold, a wallet, and ports that belong to others.
//
// A conversation counts in full only when it was answered: a TCP handshake complete in both directions, or a capture
// that joined later and holds both sides; so nobody is accused by a line that somebody else sent. Nodes and wallets
// give no evidence. Not thread-safe; limit kFlowsKeptMax.
#pragma once

#include <map>

#include "model/evidence.h"
#include "model/observation.h"
#include "network/detectors.h"

namespace davy::network {

class ConversationDetector final : public model::Detector {
 public:
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  void see(const model::ConversationSeen& seen, const model::FlowSeen& flow, Timestamp at, model::EvidenceSink& sink);

  std::map<model::FlowId, model::FlowSeen> flows_;
};

}  // namespace davy::network

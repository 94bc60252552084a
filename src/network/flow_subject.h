// The subject of evidence about a flow, put together from what was observed of it. Pure; thread-safe.
#pragma once

#include "intel/efficiency.h"
#include "model/evidence.h"
#include "model/observation.h"

namespace davy::network {

model::SubjectKey key_of(const model::FlowId& flow);

// A TCP handshake complete in both directions, or a capture that joined later and holds both sides.
bool was_answered(const model::FlowSeen& flow);

// Where the client wanted to go: the server, or what it asked a proxy for.
struct Destination {
  std::string host;
  std::uint16_t port = 0;
};
Destination destination_of(const model::FlowSeen& flow);

// Numbers and names of a flow; the conversation is added by describe_conversation, with what its work costs in energy
// where `known` has the algorithm.
model::FlowSubject subject_of(const model::FlowSeen& seen);
void describe_conversation(const model::ConversationSeen& seen, const intel::Efficiencies& known,
                           model::FlowSubject& out);

model::Evidence evidence(std::string kind, const model::FlowId& flow, Timestamp at, Json detail = Json::object());

}  // namespace davy::network

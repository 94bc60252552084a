// The subject of evidence about a flow, put together from what was observed of it. Pure; thread-safe.
#pragma once

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::network {

model::SubjectKey key_of(const model::FlowId& flow);

// Numbers and names of a flow; the conversation is added by describe_conversation.
model::FlowSubject subject_of(const model::FlowSeen& seen);
void describe_conversation(const model::ConversationSeen& seen, model::FlowSubject& out);

model::Evidence evidence(std::string kind, const model::FlowId& flow, Timestamp at, Json detail = Json::object());

}  // namespace davy::network

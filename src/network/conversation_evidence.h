// Evidence of a conversation in clear: both sides fitting one dialect, shares that hold, a wallet, and ports that
// belong to others.
//
// It counts in full only when it was answered (was_answered), so that nobody is accused by a line that somebody else
// sent. Nodes and wallets give no evidence. Pure; thread-safe.
#pragma once

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::network {

// Whether a conversation of this role ("pool", "solo", "proxy", ...) is mining.
bool is_mining(std::string_view role);

// `flow`: of that conversation. Precondition: it is mining.
void add_conversation_evidence(const model::ConversationSeen& seen, const model::FlowSeen& flow, Timestamp at,
                               model::EvidenceSink& sink);

}  // namespace davy::network

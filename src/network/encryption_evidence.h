// Evidence of an encrypted flow: a share cycle in the sizes and times of its records, and what stands in clear beside
// it.
//
// A cycle counts in full only for a connection that was answered, as conversations do. Pure; thread-safe.
#pragma once

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "model/observation.h"

namespace davy::network {

void add_encryption_evidence(const model::TlsSeen& seen, const model::FlowSeen& flow, const intel::Knowledge& knowledge,
                             Timestamp at, model::EvidenceSink& sink);

}  // namespace davy::network

// What the worker found in a process's memory, as evidence: RandomX machine code, proof-of-work constants by
// combination, exact allocation sizes, miner configuration and conversation, wallets.
#pragma once

#include "intel/knowledge.h"
#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

class MemoryDetector final : public model::Detector {
 public:
  explicit MemoryDetector(const intel::Knowledge& knowledge) : knowledge_(&knowledge) {}
  void observe(const model::Observation& observation, model::EvidenceSink& sink) override;

 private:
  const intel::Knowledge* knowledge_;
};

// Evidence of one text of miner structure, wherever it was seen. Adds to `sink` about `subject`.
void add_text_evidence(const model::MinerTextSeen& seen, const model::SubjectKey& subject, Timestamp at,
                       const intel::Knowledge& knowledge, model::EvidenceSink& sink);

}  // namespace davy::host

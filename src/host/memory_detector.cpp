#include "host/memory_detector.h"

#include <charconv>

#include "host/evidence_parts.h"

namespace davy::host {
namespace {

void add_families(const model::MemorySeen& seen, Timestamp at, model::EvidenceSink& sink) {
  Json names = Json::array();
  std::uint32_t constants = 0;
  for (const model::FamilySeen& family : seen.families) {
    if (family.weak || family.distinct < family.minimum) continue;
    names.push(family.family);
    constants += family.distinct;
  }
  if (names.items().empty()) return;
  Json detail = Json::object();
  detail.set("families", std::move(names)).set("constants", constants);
  sink.add(evidence("pow.constants", key_of(seen.process), at, std::move(detail)));
}

// A 2 MiB scratchpad alone is an ordinary size; a dataset or cache is not.
void add_allocations(const model::MemorySeen& seen, Timestamp at, model::EvidenceSink& sink) {
  for (const model::AllocationSeen& allocation : seen.allocations) {
    if (allocation.what == "randomx.scratchpad") continue;
    Json detail = Json::object();
    detail.set("what", allocation.what).set("bytes", allocation.bytes);
    sink.add(evidence("randomx.allocation", key_of(seen.process), at, std::move(detail)));
    if (allocation.what == "randomx.dataset") return;
  }
}

std::string_view kind_of_text(const model::MinerTextSeen& seen) {
  if (seen.kind == "config") return "miner.configuration";
  if (seen.kind == "login" || seen.kind == "job") return "miner.conversation";
  if (seen.kind == "command_line") return "miner.command_line";
  return "miner.pool_address";
}

bool is_known_pool(const std::string& pool, const intel::Knowledge& knowledge) {
  const std::size_t colon = pool.rfind(':');
  if (colon == std::string::npos) return false;
  std::uint16_t port = 0;
  std::from_chars(pool.data() + colon + 1, pool.data() + pool.size(), port);
  return knowledge.find_pool(std::string_view(pool).substr(0, colon), port).has_value();
}

}  // namespace

void add_text_evidence(const model::MinerTextSeen& seen, const model::SubjectKey& subject, Timestamp at,
                       const intel::Knowledge& knowledge, model::EvidenceSink& sink) {
  Json detail = Json::object();
  detail.set("place", seen.place).set("pool", seen.pool).set("wallet", seen.wallet).set("coin", seen.coin);
  detail.set("algorithm", seen.algorithm);
  sink.add(evidence(std::string(kind_of_text(seen)), subject, at, detail, seen.excerpt));
  if (!seen.wallet.empty() && (!seen.pool.empty() || seen.kind != "pool_url"))
    sink.add(evidence("miner.wallet", subject, at, detail, seen.wallet));
  if (is_known_pool(seen.pool, knowledge)) sink.add(evidence("miner.known_pool", subject, at, detail, seen.pool));
}

void MemoryDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  const auto* seen = std::get_if<model::MemorySeen>(&observation.value);
  if (seen == nullptr) return;
  if (seen->randomx_code > 0) {
    Json detail = Json::object();
    detail.set("sequences", seen->randomx_code).set("code_bytes", seen->anonymous_code_bytes);
    sink.add(evidence("randomx.machine_code", key_of(seen->process), observation.at, std::move(detail)));
  }
  add_families(*seen, observation.at, sink);
  add_allocations(*seen, observation.at, sink);
  for (const model::MinerTextSeen& text : seen->texts)
    add_text_evidence(text, key_of(seen->process), observation.at, *knowledge_, sink);
}

}  // namespace davy::host

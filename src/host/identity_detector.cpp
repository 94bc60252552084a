#include "host/identity_detector.h"

#include "host/evidence_parts.h"
#include "host/memory_detector.h"
#include "mining/miner_text.h"

namespace davy::host {

void IdentityDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  const auto* seen = std::get_if<model::ProcessSeen>(&observation.value);
  if (seen == nullptr || seen->kernel_thread) return;
  const std::string first = seen->argv.empty() ? std::string() : seen->argv.front();
  for (const std::string_view name :
       {base_name(seen->exe), base_name(seen->executed_as), std::string_view(seen->comm), base_name(first)}) {
    const auto family = knowledge_->find_family(name);
    if (!family) continue;
    Json detail = Json::object();
    detail.set("name", name).set("family", family->family);
    sink.add(evidence("miner.name", key_of(seen->process), observation.at, std::move(detail), name));
    break;
  }
  if (const auto text = mining::read_command_line(seen->argv))
    add_text_evidence(*text, key_of(seen->process), observation.at, *knowledge_, sink);
}

}  // namespace davy::host

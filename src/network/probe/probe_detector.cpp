#include "network/probe/probe_detector.h"

#include "network/probe/probe_answer.h"

namespace davy::network::probe {
namespace {

const char* evidence_of(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::job: return "probe.job";
    case AnswerKind::greeting: return "probe.greeting";
    case AnswerKind::pool_error: return "probe.pool_error";
    default: return nullptr;
  }
}

}  // namespace

void ProbeDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  const auto* seen = std::get_if<model::ProbeSeen>(&observation.value);
  const char* kind = seen != nullptr ? evidence_of(parse_answer_kind(seen->answer)) : nullptr;
  if (kind == nullptr) return;
  const model::FlowSubject server{.protocol = "tcp",
                                  .source = "davy",
                                  .destination = seen->address,
                                  .destination_port = seen->port,
                                  .server_name = seen->name,
                                  .dialect = seen->dialect,
                                  .coin = seen->coin};
  Json detail = Json::object();
  detail.set("question", seen->question).set("dialect", seen->dialect).set("coin", seen->coin);
  detail.set("pool", (seen->name.empty() ? seen->address : seen->name) + ":" + std::to_string(seen->port));
  sink.add_about(server, {.kind = kind, .at = observation.at, .detail = std::move(detail), .excerpt = seen->excerpt});
}

}  // namespace davy::network::probe

#include "cli/examining.h"

#include <ostream>

namespace davy::cli {

Result<std::optional<Recorder>> recorder_of(const ParsedArguments& given, const intel::Knowledge& knowledge) {
  const auto path = given.value("record");
  if (!path) return std::nullopt;
  return std::optional<Recorder>(TRY(Recorder::create(std::string(*path), {knowledge.version(), knowledge.digest()})));
}

void Examining::accept(model::Observation observation) {
  if (recorder_) recorder_->write(observation);
  pipeline_.accept(std::move(observation));
}

Examination Examining::conclude(std::string command) {
  Examination out = pipeline_.result();
  if (recorder_)
    if (const auto kept = recorder_->finish(); !kept) out.lacks_recording(describe(kept.error()));
  out.command = std::move(command);
  out.intel_version = loaded_.knowledge.version(), out.intel_trust = loaded_.knowledge.trust();
  return out;
}

int run_examination(const CommandSpec& spec, std::span<const std::string> words, const Surroundings& around,
                    const Examine& examine, Print print_result) {
  const auto given = parse_arguments(spec, words);
  if (!given) return complain(given.error(), around, around.language);
  if (given->has("help")) return print_help(spec, around, around.language);
  const auto choices = read_common(*given, around);
  if (!choices) return complain(choices.error(), around, around.language);
  const auto examination = examine(*given, *choices);
  if (!examination) return complain(examination.error(), around, choices->language);
  print_result(*examination, *choices, around.out);
  return exit_status(*examination, choices->fail_at);
}

}  // namespace davy::cli

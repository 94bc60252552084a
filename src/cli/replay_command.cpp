#include "cli/replay_command.h"

#include <chrono>
#include <ostream>

#include "cli/examining.h"

namespace davy::cli {
namespace {

CommandSpec spec() {
  return {.name = "davy replay",
          .summary = TextId::replay_summary,
          .options = common_options(),
          .positionals = {{.name = "FILE", .help = TextId::replay_file, .required = true}},
          .examples = {{"davy replay server-7.davyrec", TextId::replay_example_plain},
                       {"davy replay --format json server-7.davyrec", TextId::replay_example_json}}};
}

Result<Examination> examine(const ParsedArguments& given, const CommonChoices& choices, const Surroundings& around) {
  const LoadedKnowledge loaded = TRY(load_knowledge(choices));
  Examining examining(loaded);
  const RecordingHeader header =
      TRY(read_recording(given.positionals().front(), [&](model::Observation o) { examining.accept(std::move(o)); }));
  if (header.intel_digest != loaded.knowledge.digest())
    around.err << text(TextId::replay_other_intel, choices.language,
                       {{"recorded", printable(header.intel_version)}, {"now", loaded.knowledge.version()}})
               << '\n';
  Examination out = examining.conclude("replay");
  if (!out.ended) out.lacks_recording("it stops before the end of the examination");
  return out;
}

}  // namespace

int run_replay(std::span<const std::string> words, const Surroundings& around) {
  return run_examination(spec(), words, around, [&](const ParsedArguments& given, const CommonChoices& choices) {
    return examine(given, choices, around);
  });
}

}  // namespace davy::cli

#include "cli/replay_command.h"

#include <chrono>
#include <ostream>

#include "cli/knowledge_loader.h"
#include "cli/pipeline.h"
#include "cli/recorder.h"

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

}  // namespace

int run_replay(std::span<const std::string> words, const Surroundings& around) {
  const auto given = parse_arguments(spec(), words);
  if (!given) return complain(given.error(), around, around.language);
  if (given->has("help")) return print_help(spec(), around, around.language);
  const auto choices = read_common(*given, around);
  if (!choices) return complain(choices.error(), around, around.language);
  const auto loaded = load_knowledge(*choices);
  if (!loaded) return complain(loaded.error(), around, choices->language);

  Pipeline pipeline(loaded->catalogue, loaded->knowledge);
  const auto header =
      read_recording(given->positionals().front(), [&](model::Observation o) { pipeline.accept(std::move(o)); });
  if (!header) return complain(header.error(), around, choices->language);
  if (header->intel_digest != loaded->knowledge.digest())
    around.err << text(TextId::replay_other_intel, choices->language,
                       {{"recorded", printable(header->intel_version)}, {"now", loaded->knowledge.version()}})
               << '\n';
  Examination examination = pipeline.result();
  if (!examination.ended) examination.lacks_recording("it stops before the end of the examination");
  examination.command = "replay";
  examination.intel_version = loaded->knowledge.version();
  examination.intel_trust = loaded->knowledge.trust();
  print(examination, *choices, around.out);
  return exit_status(examination, choices->fail_at);
}

}  // namespace davy::cli

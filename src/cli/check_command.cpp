#include "cli/check_command.h"

#include <chrono>
#include <ostream>

#include "base/progress.h"
#include "cli/knowledge_loader.h"
#include "cli/pipeline.h"
#include "cli/recorder.h"
#include "host/linux/examination.h"

namespace davy::cli {
namespace {

CommandSpec spec() {
  auto options = common_options();
  options.push_back({.name = "record", .value_name = "FILE", .help = TextId::option_record});
  options.push_back({.name = "no-memory", .help = TextId::option_no_memory});
  options.push_back({.name = "no-bpf", .help = TextId::option_no_bpf});
  return {.name = "davy check",
          .summary = TextId::check_summary,
          .options = std::move(options),
          .examples = {{"sudo davy check", TextId::check_example_plain},
                       {"sudo davy check --for 15s --format json", TextId::check_example_long}}};
}

// Writes what passes to the recording, if there is one, and hands it on.
class Tee final : public model::ObservationSink {
 public:
  Tee(std::optional<Recorder>& recorder, Pipeline& pipeline) : recorder_(recorder), pipeline_(pipeline) {}
  void accept(model::Observation observation) override {
    if (recorder_) recorder_->write(observation);
    pipeline_.accept(std::move(observation));
  }

 private:
  std::optional<Recorder>& recorder_;
  Pipeline& pipeline_;
};

host::ExaminationOptions options_of(const ParsedArguments& given, const CommonChoices& choices) {
  const double seconds = choices.seconds.value_or(choices.settings.number("check.observe_seconds"));
  return {.observe = std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(seconds)),
          .memory = !given.has("no-memory") && choices.settings.boolean("check.memory"),
          .bpf = !given.has("no-bpf"),
          .watts_per_core = choices.settings.number("host.watts_per_core")};
}

Result<std::optional<Recorder>> recorder_of(const ParsedArguments& given, const intel::Knowledge& knowledge) {
  const auto path = given.value("record");
  if (!path) return std::nullopt;
  return std::optional<Recorder>(TRY(Recorder::create(std::string(*path), {knowledge.version(), knowledge.digest()})));
}

// Everything between the parsed words and the report.
Result<Examination> examine(const ParsedArguments& given, const CommonChoices& choices, const Surroundings& around) {
  const LoadedKnowledge loaded = TRY(load_knowledge(choices));
  const host::ExaminationOptions options = options_of(given, choices);
  auto examiner = host::Examiner::start(loaded.knowledge.part("proof_constants"));
  auto recorder = TRY(recorder_of(given, loaded.knowledge));
  SystemClock clock;
  Progress bar(around.err, around.err_is_terminal && !choices.quiet, clock, "%", 100);
  std::uint64_t shown = 0;
  const auto progress = [&](double done) {
    const auto percent = static_cast<std::uint64_t>(done * 100.0);
    bar.advance(percent - std::min(shown, percent));
    shown = std::max(shown, percent);
  };
  Pipeline pipeline(loaded.catalogue, loaded.knowledge);
  Tee sink(recorder, pipeline);
  const std::string why = examiner ? "" : describe(examiner.error());
  TRY(host::examine_host(options, examiner ? &*examiner : nullptr, why, clock, sink, progress));
  bar.finish();
  Examination out = pipeline.result();
  if (recorder)
    if (const auto kept = recorder->finish(); !kept) out.lacks_recording(describe(kept.error()));
  out.command = "check";
  out.intel_version = loaded.knowledge.version(), out.intel_trust = loaded.knowledge.trust();
  return out;
}

}  // namespace

int run_check(std::span<const std::string> words, const Surroundings& around) {
  const auto given = parse_arguments(spec(), words);
  if (!given) return complain(given.error(), around, around.language);
  if (given->has("help")) return print_help(spec(), around, around.language);
  const auto choices = read_common(*given, around);
  if (!choices) return complain(choices.error(), around, around.language);
  const auto examination = examine(*given, *choices, around);
  if (!examination) return complain(examination.error(), around, choices->language);
  print(*examination, *choices, around.out);
  return exit_status(*examination, choices->fail_at);
}

}  // namespace davy::cli

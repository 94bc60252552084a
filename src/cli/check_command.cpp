#include "cli/check_command.h"

#include <chrono>
#include <ostream>

#include "base/progress.h"
#include "cli/examining.h"
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

host::ExaminationOptions options_of(const ParsedArguments& given, const CommonChoices& choices) {
  const double seconds = choices.seconds.value_or(choices.settings.number("check.observe_seconds"));
  return {.observe = std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(seconds)),
          .memory = !given.has("no-memory") && choices.settings.boolean("check.memory"),
          .bpf = !given.has("no-bpf"),
          .watts_per_core = choices.settings.number("host.watts_per_core")};
}

// Everything between the parsed words and the report.
Result<Examination> examine(const ParsedArguments& given, const CommonChoices& choices, const Surroundings& around) {
  const LoadedKnowledge loaded = TRY(load_knowledge(choices));
  const host::ExaminationOptions options = options_of(given, choices);
  auto examiner = host::Examiner::start(loaded.knowledge.part("proof_constants"));
  Examining examining(loaded, TRY(recorder_of(given, loaded.knowledge)));
  SystemClock clock;
  Progress bar(around.err, around.err_is_terminal && !choices.quiet, clock, "%", 100);
  std::uint64_t shown = 0;
  const auto progress = [&](double done) {
    const auto percent = static_cast<std::uint64_t>(done * 100.0);
    bar.advance(percent - std::min(shown, percent));
    shown = std::max(shown, percent);
  };
  const std::string why = examiner ? "" : describe(examiner.error());
  TRY(host::examine_host(options, examiner ? &*examiner : nullptr, why, clock, examining, progress));
  bar.finish();
  return examining.conclude("check");
}

}  // namespace

int run_check(std::span<const std::string> words, const Surroundings& around) {
  return run_examination(spec(), words, around, [&](const ParsedArguments& given, const CommonChoices& choices) {
    return examine(given, choices, around);
  });
}

}  // namespace davy::cli

// The way that every command goes that examines or judges: from its words to a report and an exit status, with the
// observations in between judged and, where --record asks for it, kept.
//
//   return run_examination(spec(), words, around, [&](const ParsedArguments& given, const CommonChoices& choices)
//                          -> Result<Examination> {
//     const LoadedKnowledge loaded = TRY(load_knowledge(choices));
//     Examining examining(loaded, TRY(recorder_of(given, loaded.knowledge)));
//     look_around(examining);                  // hands it observations
//     return examining.conclude("check");
//   });
#pragma once

#include <functional>

#include "cli/knowledge_loader.h"
#include "cli/pipeline.h"
#include "cli/recorder.h"

namespace davy::cli {

// The recording that --record names; none without it. Errors: those of Recorder::create.
Result<std::optional<Recorder>> recorder_of(const ParsedArguments& given, const intel::Knowledge& knowledge);

// Hands observations to the recording, if there is one, and to the judges. `loaded` must outlive it. Not thread-safe.
class Examining final : public model::ObservationSink {
 public:
  explicit Examining(const LoadedKnowledge& loaded, std::optional<Recorder> recorder = std::nullopt)
      : loaded_(loaded), recorder_(std::move(recorder)), pipeline_(loaded.catalogue, loaded.knowledge) {}

  void accept(model::Observation observation) override;

  // What was found so far, for commands that tell as they go.
  Examination so_far() const { return pipeline_.result(); }
  // All that was found, under the name of the command; a recording that could not be written is told in it.
  Examination conclude(std::string command);

 private:
  const LoadedKnowledge& loaded_;
  std::optional<Recorder> recorder_;
  Pipeline pipeline_;
};

using Examine = std::function<Result<Examination>(const ParsedArguments& given, const CommonChoices& choices)>;
using Print = void (*)(const Examination& examination, const CommonChoices& choices, std::ostream& out);

// Reads the words (or prints the help), examines, prints and gives the exit status.
int run_examination(const CommandSpec& spec, std::span<const std::string> words, const Surroundings& around,
                    const Examine& examine, Print print_result = print);

}  // namespace davy::cli

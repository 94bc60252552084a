#include "cli/command.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/test_folder.h"
#include "cli/check_command.h"
#include "cli/config_command.h"
#include "cli/intel_command.h"
#include "cli/replay_command.h"

namespace davy::cli {
namespace {

struct Ran {
  int status;
  std::string out, err;
};

Ran run(Command command, std::vector<std::string> words, Language language = Language::en) {
  std::ostringstream out, err;
  const int status = command(words, {.out = out, .err = err, .language = language});
  return {status, out.str(), err.str()};
}

TEST(Commands, HelpHasTwoExamplesInBothLanguages) {
  for (const Command command : {run_check, run_replay, run_config, run_intel})
    for (const Language language : {Language::en, Language::zh}) {
      const Ran help = run(command, {"--help"}, language);
      EXPECT_EQ(help.status, 0);
      EXPECT_GE(std::ranges::count(help.out, '\n'), 10);
      EXPECT_NE(help.out.find("--lang"), std::string::npos);
    }
}

TEST(Commands, WrongWordsAreNamedAndExitWithTwo) {
  const Ran wrong = run(run_check, {"--nonsense"});
  EXPECT_EQ(wrong.status, kExitWrongUse);
  EXPECT_NE(wrong.err.find("nonsense"), std::string::npos);
  EXPECT_TRUE(wrong.out.empty());
  EXPECT_EQ(run(run_check, {"--for", "soon"}).status, kExitWrongUse);
  EXPECT_EQ(run(run_check, {"--format", "xml"}).status, kExitWrongUse);
  EXPECT_EQ(run(run_check, {"--intel", "/nonexistent.pack"}).status, kExitWrongUse);
  EXPECT_EQ(run(run_replay, {}).status, kExitWrongUse);
}

TEST(Commands, AMissingConfigurationFileIsAnErrorOnlyWhenItWasNamed) {
  EXPECT_EQ(run(run_config, {"show"}).status, 0);
  EXPECT_EQ(run(run_config, {"show", "--config", "/nonexistent.toml"}).status, kExitWrongUse);
}

}  // namespace
}  // namespace davy::cli

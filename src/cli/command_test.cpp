#include "cli/command.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/json.h"
#include "base/test_folder.h"
#include "cli/check_command.h"
#include "cli/config_command.h"
#include "cli/drill_command.h"
#include "cli/intel_command.h"
#include "cli/replay_command.h"
#include "cli/version_command.h"

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
  for (const Command command : {run_check, run_replay, run_config, run_intel, run_version})
    for (const Language language : {Language::en, Language::zh}) {
      const Ran help = run(command, {"--help"}, language);
      EXPECT_EQ(help.status, 0);
      EXPECT_GE(std::ranges::count(help.out, '\n'), 10);
      EXPECT_NE(help.out.find("--lang"), std::string::npos);
    }
}

TEST(Commands, TheTwinsHelpNeedsNoTwin) {
  const Ran help = run(run_drill, {"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_NE(help.out.find("davy drill list"), std::string::npos);
}

TEST(Commands, TheLanguageThatIsAskedForIsFoundAnywhere) {
  const auto asked = [](std::vector<std::string> words) { return language_asked_for(words, Language::en); };
  EXPECT_EQ(asked({"check", "--lang", "zh"}), Language::zh);
  EXPECT_EQ(asked({"--lang=zh", "--nonsense"}), Language::zh);
  EXPECT_EQ(asked({"--lang=zh", "--lang", "en"}), Language::en);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--lang"}, {"--lang", "fr"}, {"--", "--lang=zh"}})
    EXPECT_EQ(asked(words), Language::en);
}

TEST(Commands, WhatWasDoneIsOneSentenceOrOneObject) {
  CommonChoices choices;
  std::ostringstream as_text, as_json, quiet;
  const auto say = [&](std::ostream& out) {
    say_done("intel update", TextId::intel_installed, {{"version", "\x1b[2J"}, {"serial", "7"}}, choices, out);
  };
  say(as_text);
  EXPECT_EQ(as_text.str(), "Installed version ?[2J (serial 7).\n");
  choices.quiet = true;
  say(quiet);
  EXPECT_EQ(quiet.str(), "");
  choices.format = Format::json;
  say(as_json);
  const auto done = Json::parse(as_json.str());
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ((*done)["outcome"].string_or(""), "installed");
  EXPECT_EQ((*done)["serial"].string_or(""), "7");
  EXPECT_FALSE((*done)["message"]["zh"].string_or("").empty());
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

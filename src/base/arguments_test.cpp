#include "base/arguments.h"

#include <gtest/gtest.h>

namespace davy {
namespace {

CommandSpec scan() {
  CommandSpec command{.name = "davy scan", .summary = TextId::base_verdict_clear};
  command.options = {
      {.name = "format",
       .short_name = 'f',
       .value_name = "FORMAT",
       .help = TextId::help_options,
       .choices = {"text", "json"}},
      {.name = "for", .value_name = "TIME", .help = TextId::help_options},
      {.name = "pid", .value_name = "PID", .help = TextId::help_options, .repeated = true},
      {.name = "quiet", .short_name = 'q', .help = TextId::help_options},
      {.name = "verbose", .short_name = 'v', .help = TextId::help_options},
  };
  command.positionals = {{.name = "PATH", .help = TextId::help_arguments, .required = true, .repeated = true}};
  command.examples = {{"davy scan /tmp", TextId::help_examples}, {"davy scan -", TextId::help_examples}};
  return command;
}

Result<ParsedArguments> parse(const std::vector<std::string>& words) { return parse_arguments(scan(), words); }

TEST(Arguments, EveryFormOfOption) {
  const auto given =
      parse({"-qv", "--format=json", "--for", "2m", "--pid", "1", "--pid=2", "a", "-", "--", "--b"}).value();
  EXPECT_TRUE(given.has("quiet"));
  EXPECT_TRUE(given.has("verbose"));
  EXPECT_EQ(given.value("format"), "json");
  EXPECT_EQ(given.seconds("for").value(), 120.0);
  EXPECT_EQ(given.values("pid"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(given.positionals(), (std::vector<std::string>{"a", "-", "--b"}));
  EXPECT_EQ(parse({"-fjson", "x"}).value().value("format"), "json");
  EXPECT_EQ(parse({"-qf", "text", "x"}).value().value("format"), "text");
  EXPECT_EQ(parse({"--for=1", "--for=2", "x"}).value().values("for").size(), 1U);
}

TEST(Arguments, ErrorsNameTheWordAndTheNearestOption) {
  const auto refusal = [](const std::vector<std::string>& words) { return describe(parse(words).error()); };
  EXPECT_EQ(refusal({"--fromat", "json"}), "unknown option, did you mean --format (--fromat)");
  EXPECT_EQ(refusal({"--zzzzzzzz"}), "unknown option (--zzzzzzzz)");
  EXPECT_EQ(refusal({"-x"}), "unknown option (-x)");
  EXPECT_EQ(refusal({"--format", "xml", "a"}), "--format must be one of text, json (xml)");
  EXPECT_EQ(refusal({"a", "--for"}), "this option needs a value (--for TIME)");
  EXPECT_EQ(refusal({"--quiet=yes"}), "this option takes no value (--quiet)");
  EXPECT_EQ(refusal({}), "a word is missing (PATH)");
}

TEST(Arguments, HelpNeedsNothingElse) {
  EXPECT_TRUE(parse({"--help"}).value().has("help"));
  EXPECT_TRUE(parse({"-h"}).value().has("help"));
}

TEST(Arguments, PositionalsAreCounted) {
  CommandSpec command = scan();
  command.positionals = {{.name = "FILE", .help = TextId::help_arguments}};
  const std::vector<std::string> one = {"a"};
  const std::vector<std::string> two = {"a", "b"};
  EXPECT_TRUE(parse_arguments(command, {}).has_value());
  EXPECT_TRUE(parse_arguments(command, one).has_value());
  EXPECT_EQ(describe(parse_arguments(command, two).error()), "unexpected word (b)");
  const std::vector<std::string> many(kArgumentsMax + 1, "a");
  EXPECT_EQ(parse(many).error().code, ErrorCode::limit_exceeded);
}

TEST(Arguments, NumbersAndTimesHaveRanges) {
  EXPECT_EQ(parse({"--pid=7", "x"}).value().integer("pid", 1, 10).value(), 7);
  EXPECT_FALSE(parse({"x"}).value().integer("pid", 1, 10).value());
  for (const auto* words : {"0", "11", "x", "7x", "", "99999999999999999999"})
    EXPECT_FALSE(parse({"--pid", words, "x"}).value().integer("pid", 1, 10).has_value()) << words;
  EXPECT_DOUBLE_EQ(parse_seconds("250ms").value(), 0.25);
  EXPECT_DOUBLE_EQ(parse_seconds("0.5").value(), 0.5);
  EXPECT_DOUBLE_EQ(parse_seconds("1h").value(), 3600.0);
  for (const auto* words : {"", "s", "-1s", "1x", "nan", "inf", "1e300", "367d"})
    EXPECT_FALSE(parse_seconds(words).has_value()) << words;
}

TEST(Arguments, HelpIsAlignedInBothLanguages) {
  const std::string english = render_help(scan(), Language::en);
  EXPECT_TRUE(english.starts_with("Usage: davy scan [options] PATH...\n")) << english;
  EXPECT_NE(english.find("  -f, --format FORMAT  Options; one of: text, json\n"), std::string::npos) << english;
  EXPECT_NE(english.find("      --for TIME       Options\n"), std::string::npos) << english;
  EXPECT_NE(english.find("  davy scan /tmp  Examples\n"), std::string::npos) << english;
  const std::string chinese = render_help(scan(), Language::zh);
  EXPECT_NE(chinese.find("用法: davy scan [选项] PATH..."), std::string::npos) << chinese;
  EXPECT_NE(chinese.find("可选：text, json"), std::string::npos) << chinese;
}

}  // namespace
}  // namespace davy

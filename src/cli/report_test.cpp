#include "cli/report.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/pipeline.h"

namespace davy::cli {
namespace {

Examination examination() {
  Examination out;
  out.command = "check", out.intel_version = "2026.11.1", out.intel_trust = "development";
  out.senses = {{"bpf.task_iter", false, "the kernel refused", false}};
  model::Finding finding;
  finding.id = "ABC", finding.verdict = model::Verdict::confirmed, finding.decibans = 24.0;
  finding.subject = model::ProcessSubject{
      .host = "h", .pid = 42, .exe = "/dev/shm/x", .cmdline = "x\x1b[2J", .user = "www-data", .cores = 1.5};
  finding.evidence = {{.kind = "randomx.machine_code",
                       .group = "work",
                       .decibans = 30,
                       .basis = "derived",
                       .summary = {"机器码", "machine code"},
                       .refuted_by = {"跑分", "a benchmark"}}};
  finding.explanation = {"它在挖矿。", "It is mining."};
  finding.actions = {{"freeze", true, "kill -STOP 42"}};
  out.findings = {finding};
  out.watts_per_core = 10.0;
  return out;
}

std::string printed(const Examination& examination, Format format, Language language, bool verbose = false) {
  CommonChoices choices;
  choices.format = format, choices.language = language, choices.verbose = verbose;
  std::ostringstream out;
  print(examination, choices, out);
  return out.str();
}

TEST(Report, SaysVerdictWhoWhyCostAndWhatToDoInBothLanguages) {
  const std::string en = printed(examination(), Format::text, Language::en);
  for (const char* words :
       {"Confirmed", "42", "/dev/shm/x", "www-data", "machine code", "15", "kill -STOP 42", "bpf.task_iter"})
    EXPECT_NE(en.find(words), std::string::npos) << words << "\n" << en;
  const std::string zh = printed(examination(), Format::text, Language::zh);
  for (const char* words : {"已证实", "机器码", "kill -STOP 42"}) EXPECT_NE(zh.find(words), std::string::npos) << words;
  EXPECT_LT(en.find("Confirmed"), en.find("42"));
}

TEST(Report, JsonLinesParseAndEndWithTheSummary) {
  std::istringstream lines(printed(examination(), Format::jsonl, Language::en));
  std::string line, last;
  int count = 0;
  while (std::getline(lines, line)) {
    ASSERT_TRUE(Json::parse(line).has_value()) << line;
    last = line, ++count;
  }
  EXPECT_EQ(count, 2);
  EXPECT_EQ((*Json::parse(last))["verdicts"]["confirmed"].int_or(0), 1);
  EXPECT_EQ((*Json::parse(last))["senses"].items().size(), 1U);
  const auto whole = Json::parse(printed(examination(), Format::json, Language::zh));
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ((*whole)["findings"].items().size(), 1U);
}

TEST(Report, ExitStatusesAreTheContract) {
  Examination e = examination();
  EXPECT_EQ(exit_status(e, model::Verdict::confirmed), kExitFound);
  e.findings[0].verdict = model::Verdict::suspicious;
  EXPECT_EQ(exit_status(e, model::Verdict::confirmed), kExitNothingFound);
  e.findings.clear();
  EXPECT_EQ(exit_status(e, model::Verdict::suspicious), kExitNothingFound);
  e.senses[0].required = true;
  EXPECT_EQ(exit_status(e, model::Verdict::suspicious), kExitIncomplete);
  e.senses.clear(), e.dropped.unreadable = 1;
  EXPECT_EQ(exit_status(e, model::Verdict::suspicious), kExitIncomplete);
  e.dropped.unreadable = 0, e.lacks_recording("cut");
  EXPECT_EQ(exit_status(e, model::Verdict::suspicious), kExitIncomplete);
}

TEST(Report, ForeignNamesDoNotReachTheTerminal) {
  Examination e = examination();
  e.senses = {{"\x1b[2J", false, "\x1b[2J", false}};
  std::get<model::ProcessSubject>(e.findings[0].subject).sha256 = "\x1b[2J";
  EXPECT_EQ(printed(e, Format::text, Language::en).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace davy::cli

#include "detection/judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace davy::detection {
namespace {

using model::Evidence;
using model::Verdict;

Catalogue catalogue() {
  const auto kind = [](const char* id, const char* group, double weight, const char* hypotheses) {
    return R"({"id":")" + std::string(id) + R"(","group":")" + group + R"(","decibans":)" + std::to_string(weight) +
           R"(,"hypotheses":)" + hypotheses + R"(,"basis":{"kind":")" +
           (weight > 10 ? R"(derived","arithmetic":"x"})" : R"(assigned","argument":"x"})") +
           R"(,"attack":["T1496.001"],"meaning":{"zh":"{n} 种","en":"{n} modes"},"refuted_by":{"zh":"乙","en":"b"},"source":"s"})";
  };
  const std::string text = "{\"kinds\":[" + kind("work.a", "work", 20, R"(["mines"])") + "," +
                           kind("work.b", "work", 25, R"(["mines"])") + "," +
                           kind("wire.a", "wire", 10, R"(["mines"])") + "," +
                           kind("stealth.a", "stealth", 20, R"(["mines","tampered"])") + "," +
                           kind("context.a", "context", -6, R"(["mines"])") + "]}";
  auto out = Catalogue::parse(*Json::parse(text));
  EXPECT_TRUE(out.has_value()) << describe(out.error());
  return *out;
}

Evidence piece(const char* kind, model::SubjectKey subject, std::int64_t at = 1, int n = 3) {
  Json detail = Json::object();
  detail.set("n", n);
  return {.kind = kind, .subject = std::move(subject), .at = {at}, .detail = std::move(detail)};
}

class JudgeTest : public ::testing::Test {
 protected:
  const Catalogue catalogue_ = catalogue();
  Judge judge_{catalogue_};
  const model::SubjectKey a_ = model::process_key(1, 10);
  const model::SubjectKey b_ = model::process_key(2, 20);
};

TEST_F(JudgeTest, OneGroupGivesSuspicionTwoGroupsGiveMore) {
  judge_.add(piece("work.a", a_));
  ASSERT_EQ(judge_.findings().size(), 1U);
  EXPECT_EQ(judge_.findings()[0].verdict, Verdict::suspicious);
  EXPECT_NE(judge_.findings()[0].explanation.en.find("no pool seen"), std::string::npos);
  judge_.add(piece("wire.a", a_));
  EXPECT_EQ(judge_.findings()[0].verdict, Verdict::likely);
  EXPECT_EQ(judge_.findings()[0].explanation.en.find("no pool seen"), std::string::npos);
}

TEST_F(JudgeTest, OnlyTheStrongestOfAGroupCountsAndTheRestIsStillShown) {
  judge_.add(piece("work.a", a_));
  judge_.add(piece("work.b", a_));
  const auto finding = judge_.findings().at(0);
  EXPECT_EQ(finding.decibans, 5.0);
  ASSERT_EQ(finding.evidence.size(), 2U);
  EXPECT_TRUE(finding.evidence[0].counted);
  EXPECT_EQ(finding.evidence[0].kind, "work.b");
  EXPECT_FALSE(finding.evidence[1].counted);
}

TEST_F(JudgeTest, EvidenceOnALinkedFlowCountsForItsProcessAndNamesTheChain) {
  judge_.add(piece("work.a", a_));
  judge_.add(piece("wire.a", "flow:x"));
  judge_.link({a_, "flow:x", "socket"});
  const auto findings = judge_.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].verdict, Verdict::likely);
  EXPECT_EQ(findings[0].chain, (std::vector<std::string>{a_ + " -socket-> flow:x"}));
}

TEST_F(JudgeTest, ASharedImageDoesNotCarryEvidenceFromOneProcessToAnother) {
  judge_.add(piece("work.a", a_));
  judge_.add(piece("work.b", b_));
  judge_.link({a_, "file:/bin/sh", "image"});
  judge_.link({b_, "file:/bin/sh", "image"});
  judge_.link({b_, "flow:x", "socket"});
  judge_.add(piece("wire.a", "flow:x"));
  const auto findings = judge_.findings();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].decibans, 15.0);
  EXPECT_EQ(findings[1].decibans, 0.0);
}

TEST_F(JudgeTest, OneSocketOfThousandsOfProcessesIsNotJudgedForEver) {
  constexpr int kProcesses = 20'000;  // all pairs of them would take minutes
  for (int i = 0; i < kProcesses; ++i) {
    judge_.add(piece("work.a", model::process_key(i, 1)));
    judge_.link({model::process_key(i, 1), "flow:shared", "socket"});
  }
  judge_.add(piece("wire.a", "flow:shared"));
  const auto findings = judge_.findings();
  ASSERT_EQ(findings.size(), std::size_t{kProcesses});
  EXPECT_EQ(findings[0].chain.size(), 1U);
  EXPECT_TRUE(findings[0].related.empty());
}

TEST_F(JudgeTest, EachHypothesisIsItsOwnFinding) {
  judge_.add(piece("stealth.a", a_));
  judge_.add(piece("work.a", a_));
  const auto findings = judge_.findings();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].hypothesis, model::Hypothesis::mines);
  EXPECT_EQ(findings[0].verdict, Verdict::confirmed);
  EXPECT_EQ(findings[1].hypothesis, model::Hypothesis::tampered);
  EXPECT_EQ(findings[0].related, (std::vector<std::string>{findings[1].id}));
}

TEST_F(JudgeTest, ContextAgainstIsShownAndSubtracted) {
  judge_.add(piece("work.b", a_));
  judge_.add(piece("context.a", a_));
  const auto all = judge_.findings(Verdict::clear);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].decibans, -1.0);
  ASSERT_EQ(all[0].against.size(), 1U);
  EXPECT_TRUE(judge_.findings().empty());
}

TEST_F(JudgeTest, NothingIsFoundFromContextAlone) {
  judge_.add(piece("context.a", a_));
  EXPECT_TRUE(judge_.findings(Verdict::clear).empty());
}

TEST_F(JudgeTest, UnknownKindsAreCountedNotWeighed) {
  judge_.add(piece("made.up", a_));
  EXPECT_EQ(judge_.unknown_kinds(), 1U);
  EXPECT_TRUE(judge_.findings(Verdict::clear).empty());
}

TEST_F(JudgeTest, AnInstanceMayWeighLessThanItsKindNeverMore) {
  Evidence weak = piece("work.a", a_);
  weak.decibans = 5.0;
  judge_.add(weak);
  EXPECT_EQ(judge_.findings(Verdict::clear).at(0).decibans, -15.0);
  weak.decibans = 500.0;
  weak.at = {2};
  judge_.add(weak);
  EXPECT_EQ(judge_.findings(Verdict::clear).at(0).decibans, 0.0);
}

TEST_F(JudgeTest, SentencesNameTheDetail) {
  judge_.add(piece("work.a", a_, 1, 4));
  EXPECT_EQ(judge_.findings().at(0).evidence.at(0).summary.en, "4 modes");
  EXPECT_EQ(judge_.findings().at(0).evidence.at(0).summary.zh, "4 种");
}

TEST_F(JudgeTest, IdsComeFromContent) {
  judge_.add(piece("work.a", a_, 7));
  const std::string id = judge_.findings().at(0).id;
  EXPECT_EQ(id.size(), 26U);
  Judge again(catalogue_);
  again.add(piece("work.a", a_, 7));
  EXPECT_EQ(again.findings().at(0).id, id);
  Judge other(catalogue_);
  other.add(piece("work.a", a_, 8));
  EXPECT_NE(other.findings().at(0).id, id);
}

// The judge is handed random evidence and links in many orders; the printed findings must be the same bytes.
TEST_F(JudgeTest, OneWalletIsOneCampaign) {
  const auto with_wallet = [](const model::SubjectKey& subject, const char* wallet) {
    Evidence out = piece("work.a", subject);
    out.detail.set("wallet", wallet);
    return out;
  };
  judge_.add(with_wallet(a_, "44A"));
  judge_.add(with_wallet(b_, "44A"));
  judge_.add(with_wallet(model::process_key(3, 30), "44B"));
  judge_.add(piece("work.a", model::process_key(4, 40)));
  const auto findings = judge_.findings();
  ASSERT_EQ(findings.size(), 4U);
  std::set<std::optional<std::string>> campaigns;
  for (const auto& finding : findings) campaigns.insert(finding.campaign);
  EXPECT_EQ(campaigns.size(), 3U);
  EXPECT_TRUE(campaigns.contains(std::nullopt));
}

TEST_F(JudgeTest, OrderOfArrivalNeverShows) {
  std::mt19937 random(5);
  const std::vector<std::string> kinds = {"work.a", "work.b", "wire.a", "stealth.a", "context.a"};
  const std::vector<std::string> subjects = {a_, b_, "flow:x", "flow:y", "file:/f", "host"};
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<Evidence> evidence;
    std::vector<model::Link> links;
    for (int i = 0; i < 12; ++i) {
      evidence.push_back(piece(kinds[random() % kinds.size()].c_str(), subjects[random() % subjects.size()],
                               static_cast<std::int64_t>(random() % 4), static_cast<int>(random() % 5)));
      links.push_back({subjects[random() % subjects.size()], subjects[random() % subjects.size()], "w"});
    }
    const auto run = [&] {
      Judge judge(catalogue_);
      for (std::size_t i = 0; i < evidence.size(); ++i) judge.add(evidence[i]), judge.link(links[i]);
      std::string out;
      for (const auto& finding : judge.findings(Verdict::clear)) out += to_json(finding).dump() + "\n";
      return out;
    };
    const std::string before = run();
    std::ranges::shuffle(evidence, random);
    std::ranges::shuffle(links, random);
    ASSERT_EQ(before, run());
  }
}

}  // namespace
}  // namespace davy::detection

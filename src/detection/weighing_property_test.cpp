// Properties of the weighing that must hold for every set of evidence, tried on many random sets.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "detection/catalogue.h"
#include "detection/weighing.h"

namespace davy::detection {
namespace {

constexpr int kTrials = 20'000;

std::vector<Weight> random_weights(std::mt19937& random) {
  std::vector<Weight> out(std::uniform_int_distribution<std::size_t>(0, 12)(random));
  for (Weight& weight : out) {
    const auto group = std::uniform_int_distribution<std::size_t>(0, known_groups().size() - 1)(random);
    weight.group = known_groups()[group];
    const double size = std::uniform_int_distribution<int>(0, 300)(random) / 10.0;
    weight.decibans = weight.group == "context" ? -size / 3.0 : size;
  }
  return out;
}

TEST(WeighingProperty, OrderNeverMatters) {
  std::mt19937 random(1);
  for (int i = 0; i < kTrials; ++i) {
    auto weights = random_weights(random);
    const Balance before = weigh(weights);
    std::ranges::shuffle(weights, random);
    const Balance after = weigh(weights);
    ASSERT_EQ(before.decibans, after.decibans);
    ASSERT_EQ(before.verdict, after.verdict);
  }
}

TEST(WeighingProperty, EvidenceForNeverLowersAVerdict) {
  std::mt19937 random(2);
  for (int i = 0; i < kTrials; ++i) {
    auto weights = random_weights(random);
    const Balance before = weigh(weights);
    const auto group = std::uniform_int_distribution<std::size_t>(0, known_groups().size() - 2)(random);
    weights.push_back({known_groups()[group], std::uniform_int_distribution<int>(0, 300)(random) / 10.0});
    ASSERT_GE(weigh(weights).decibans, before.decibans);
    ASSERT_GE(weigh(weights).verdict, before.verdict);
  }
}

TEST(WeighingProperty, OneGroupAloneIsNeverConfirmed) {
  std::mt19937 random(3);
  for (int i = 0; i < kTrials; ++i) {
    auto weights = random_weights(random);
    for (Weight& weight : weights)
      if (weight.decibans > 0) weight.group = "work";
    ASSERT_LT(weigh(weights).verdict, model::Verdict::confirmed);
  }
}

TEST(WeighingProperty, EvidenceAgainstTakesAtMostTenAndNeverFromWorkPlusWire) {
  std::mt19937 random(4);
  for (int i = 0; i < kTrials; ++i) {
    auto weights = random_weights(random);
    auto without = weights;
    std::erase_if(without, [](const Weight& weight) { return weight.decibans < 0; });
    const Balance with_against = weigh(weights);
    const Balance only_for = weigh(without);
    ASSERT_GE(with_against.decibans, only_for.decibans + kAgainstDecibansMin - 0.001);
    if (only_for.groups.contains("work") && only_for.groups.contains("wire")) {
      ASSERT_EQ(with_against.decibans, only_for.decibans);
    }
  }
}

TEST(Weighing, ThresholdsAreInclusive) {
  using enum model::Verdict;
  const auto verdict = [](double work, double wire) {
    return weigh(std::vector<Weight>{{"work", work}, {"wire", wire}}).verdict;
  };
  EXPECT_EQ(verdict(19.9, 0), clear);
  EXPECT_EQ(verdict(20.0, 0), suspicious);
  EXPECT_EQ(verdict(20.0, 10.0), likely);
  EXPECT_EQ(verdict(20.0, 19.9), likely);
  EXPECT_EQ(verdict(20.0, 20.0), confirmed);
  EXPECT_EQ(verdict(0, 0), clear);
}

TEST(Weighing, TenNamesForOneFactAreOneFact) {
  const std::vector<Weight> ten(10, Weight{"identity", 10.0});
  EXPECT_EQ(weigh(ten).decibans, -10.0);
}

TEST(Weighing, ADeclarationTakesAwayLoadOnly) {
  const std::vector<Weight> weights = {{"load", 10.0}, {"work", 20.0}};
  EXPECT_EQ(weigh(weights, false).decibans, 10.0);
  EXPECT_EQ(weigh(weights, true).decibans, 0.0);
}

}  // namespace
}  // namespace davy::detection

#include "detection/weighing.h"

#include <algorithm>

namespace davy::detection {
namespace {

// Sums are rounded to a thousandth, so that the order of addition cannot show.
double rounded(double decibans) {
  return static_cast<double>(static_cast<long long>(decibans * 1000.0 + (decibans < 0 ? -0.5 : 0.5))) / 1000.0;
}

model::Verdict verdict_of(double decibans, const std::map<std::string, double, std::less<>>& groups) {
  using enum model::Verdict;
  if (decibans < kSuspiciousDecibans) return clear;
  if (decibans < kLikelyDecibans) return suspicious;
  const bool words_only = groups.size() == 1 && groups.contains("promise");
  return decibans >= kConfirmedDecibans && groups.size() >= 2 && !words_only ? confirmed : likely;
}

}  // namespace

Balance weigh(std::span<const Weight> weights, bool declared) {
  Balance out;
  std::map<std::string, double, std::less<>> against;
  for (const Weight& weight : weights) {
    if (declared && weight.group == "load") continue;
    if (weight.decibans > 0.0) {
      double& strongest = out.groups[weight.group];
      strongest = std::max(strongest, weight.decibans);
    } else if (weight.decibans < 0.0) {
      against[weight.group] += weight.decibans;
    }
  }
  double sum = kPriorDecibans;
  for (const auto& [group, decibans] : out.groups) sum += decibans;
  double negative = 0.0;
  for (const auto& [group, decibans] : against) negative += decibans;
  const bool proven = out.groups.contains("work") && out.groups.contains("wire");
  if (!proven) sum += std::max(negative, kAgainstDecibansMin);
  out.decibans = rounded(sum);
  out.verdict = verdict_of(out.decibans, out.groups);
  return out;
}

}  // namespace davy::detection

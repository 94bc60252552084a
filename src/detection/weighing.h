// Weighing: from pieces of evidence to decibans to a verdict. Pure arithmetic; thread-safe.
//
// A deciban is ten times the decimal logarithm of a likelihood ratio (Turing and Good). Independent facts add up. What
// is not independent does not: of one group only the strongest piece counts, so ten names for one fact are one fact.
#pragma once

#include <map>
#include <span>
#include <string>

#include "model/verdict.h"

namespace davy::detection {

inline constexpr double kPriorDecibans = -20.0;       // one in a hundred; assigned
inline constexpr double kAgainstDecibansMin = -10.0;  // all evidence against together
inline constexpr double kSuspiciousDecibans = 0.0;
inline constexpr double kLikelyDecibans = 10.0;
inline constexpr double kConfirmedDecibans = 20.0;

struct Weight {
  std::string group;
  double decibans = 0.0;  // negative: against
};

struct Balance {
  double decibans = kPriorDecibans;  // prior, strongest of each group, and what speaks against
  model::Verdict verdict = model::Verdict::clear;
  std::map<std::string, double, std::less<>> groups;  // strongest positive weight of each group
};

// The order of `weights` does not matter. A declared workload takes away the group "load".
Balance weigh(std::span<const Weight> weights, bool declared = false);

}  // namespace davy::detection

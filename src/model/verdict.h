// What the weighing of evidence comes to. People see these words, never a percentage.
#pragma once

#include <string_view>

#include "base/result.h"

namespace davy::model {

enum class Verdict { clear, suspicious, likely, confirmed };

// The question that a finding answers.
enum class Hypothesis {
  mines,      // it mines cryptocurrency
  tampered,   // somebody changed this machine so that it tells less than the truth
  solicits,   // a text invites to mine or to invest
  forbidden,  // it is on the organisation's own list of things not allowed
};

std::string_view name_of(Verdict verdict);
std::string_view name_of(Hypothesis hypothesis);
Result<Verdict> parse_verdict(std::string_view name);
Result<Hypothesis> parse_hypothesis(std::string_view name);

}  // namespace davy::model

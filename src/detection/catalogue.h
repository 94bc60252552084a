// The catalogue of evidence kinds: what each kind weighs, on what basis, what it means and what would refute it.
//
// It is data (data/evidence/*.yaml, carried by the signed intel pack as part "evidence"). A kind whose weight exceeds
// what its basis supports is refused when the catalogue is read, so no pack can smuggle in a certainty:
// measured: 10*log10(1 / upper 95 % bound of the false rate); derived: its arithmetic, at most kDecibansMax;
// assigned: at most kAssignedDecibansMax; none above kDecibansMax (house rules, docs/evidence.md).
// Immutable after parse; safe to share between threads.
//
//   const Catalogue catalogue = TRY(Catalogue::parse(pack.part("evidence")));
//   const EvidenceKind* kind = catalogue.find("randomx.rounding_modes");
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/finding.h"
#include "model/verdict.h"

namespace davy::detection {

inline constexpr double kDecibansMax = 30.0;
inline constexpr double kAssignedDecibansMax = 10.0;
inline constexpr std::size_t kKindsMax = 1000;

struct EvidenceKind {
  std::string id;
  std::string group;  // one of known_groups()
  std::vector<model::Hypothesis> hypotheses;
  double decibans = 0.0;  // negative: speaks against
  std::string basis;      // "measured", "derived", "assigned"
  std::vector<std::string> attack;
  model::Sentence meaning;  // {name} stands for a member of the evidence's detail
  model::Sentence refuted_by;
  std::string source;

  bool answers(model::Hypothesis hypothesis) const;
};

// "work", "wire", "identity", "stealth", "persistence", "entry", "load", "promise", "context".
const std::vector<std::string>& known_groups();

class Catalogue {
 public:
  // {"kinds":[{...}]} as in docs/evidence.md. Errors: malformed (names the kind), limit_exceeded (a weight over its
  // basis).
  static Result<Catalogue> parse(const Json& part);

  const EvidenceKind* find(std::string_view id) const;
  const std::map<std::string, EvidenceKind, std::less<>>& kinds() const { return kinds_; }

 private:
  std::map<std::string, EvidenceKind, std::less<>> kinds_;
};

}  // namespace davy::detection

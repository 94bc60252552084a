// Findings: a verdict on one hypothesis about one subject, with everything that speaks for and against it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "model/subject.h"
#include "model/verdict.h"

namespace davy::model {

struct Sentence {
  std::string zh;
  std::string en;
};

// A piece of evidence as weighed: what it says, how much it counts and on what basis.
struct WeighedEvidence {
  std::string kind;
  std::string group;
  double decibans = 0.0;
  bool counted = true;              // false when a stronger piece of the same group stands for it
  std::string basis;                // "measured", "derived", "assigned"
  std::vector<std::string> attack;  // ATT&CK ids, newest version first
  Timestamp at;
  SubjectKey subject;  // which of the linked subjects it was seen on
  Sentence summary;
  Sentence refuted_by;  // what would show that it means something else
  Json detail = Json::object();
  std::string excerpt;
};

struct Action {
  std::string id;  // "freeze"
  bool reversible = true;
  std::string command;  // what to type
};

struct Declaration {
  std::string by;
  std::string until;
};

struct Finding {
  std::string id;
  Hypothesis hypothesis = Hypothesis::mines;
  Verdict verdict = Verdict::clear;
  double decibans = 0.0;  // prior and all counted evidence together
  Subject subject;
  std::optional<Declaration> declared;
  std::optional<std::string> content_class;
  std::vector<WeighedEvidence> evidence;  // for, strongest first
  std::vector<WeighedEvidence> against;
  std::vector<std::string> chain;  // "process ... -socket-> flow ...", one for each linked subject that bears evidence
  std::vector<std::string> related;
  std::optional<std::string> campaign;  // the same for all that is mined to one wallet, on any host and on any day
  Sentence explanation;
  std::vector<Action> actions;
};

// One finding as in docs/contracts.md; the same finding always gives the same bytes.
Json to_json(const Finding& finding);

}  // namespace davy::model

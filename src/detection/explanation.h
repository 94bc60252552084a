// What a finding says to people, in both languages: the sentence that sums it up and what to do next. Pure functions.
#pragma once

#include <vector>

#include "base/json.h"
#include "detection/weighing.h"
#include "model/finding.h"

namespace davy::detection {

// `{name}` in both sentences replaced by the member of that name of `detail`.
model::Sentence fill_in_detail(const model::Sentence& pattern, const Json& detail);

// Why the verdict is what it is and, for work without any pool, that none was seen.
model::Sentence explain(const model::Finding& finding, const Balance& balance);

// What may be done about it, most careful first: freeze (undone by kill -CONT), keep the program for the hearing, stop.
std::vector<model::Action> actions_for(const model::Finding& finding);

}  // namespace davy::detection

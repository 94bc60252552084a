// Finds, verifies and loads the intelligence that a command works with.
#pragma once

#include "cli/command.h"
#include "detection/catalogue.h"
#include "intel/knowledge.h"

namespace davy::cli {

struct LoadedKnowledge {
  intel::Knowledge knowledge;
  detection::Catalogue catalogue;
};

// In this order: --intel, the setting intel.pack, the installed pack, the pack beside the program. Extra packs of the
// settings come on top. Errors: not_found (no pack anywhere), untrusted, malformed.
Result<LoadedKnowledge> load_knowledge(const CommonChoices& choices);

}  // namespace davy::cli

// davy drill: hand on to the exercise twin, a separate root-owned program.
#pragma once

#include "cli/command.h"

namespace davy::cli {

int run_drill(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

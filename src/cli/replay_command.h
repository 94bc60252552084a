// davy replay: judge a recording again.
#pragma once

#include "cli/command.h"

namespace davy::cli {

int run_replay(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

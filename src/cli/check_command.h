// davy check: examine this host once, now.
#pragma once

#include "cli/command.h"

namespace davy::cli {

int run_check(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

// davy version: which Davy this is.
#pragma once

#include "cli/command.h"

namespace davy::cli {

int run_version(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

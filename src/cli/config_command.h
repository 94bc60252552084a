// davy config: show or check the settings.
#pragma once

#include "cli/command.h"

namespace davy::cli {

int run_config(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

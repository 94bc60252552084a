// `davy intel`: make, look at, verify, install and take back packs of knowledge (intel/workshop.h, intel/installed.h).
// Exit statuses are those of commands that do; `verify` ends with 3 when the signature fits but the signer is unknown.
#pragma once

#include "cli/command.h"

namespace davy::cli {

int run_intel(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

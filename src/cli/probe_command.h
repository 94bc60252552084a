// `davy probe HOST:PORT`: asks an endpoint whether it is a pool, when the settings allow it (docs/probe.md).
#pragma once

#include "cli/command.h"

namespace davy::cli {

int run_probe(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

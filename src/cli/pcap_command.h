// davy pcap FILE...: who mines in captures, with whom, which coin, how much and how sure. Thread-safe: no state.
#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace davy::cli {

// The words behind "davy pcap"; returns the exit status of docs/contracts.md.
int run_pcap(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

// davy sensor IFACE...: who mines on the wire, told as it happens.
#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace davy::cli {

// The words behind "davy sensor"; returns the exit status of docs/contracts.md. It runs until --for is over, or SIGINT,
// SIGTERM or SIGHUP asks it to end; then what was seen is concluded. The process gives up its privileges for good once
// the interfaces are open, so nothing that needs one may run after it.
int run_sensor(std::span<const std::string> words, const Surroundings& around);

}  // namespace davy::cli

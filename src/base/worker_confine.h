// The inside of base/worker: how a freshly forked child gives up everything it does not need. Only worker_linux.cpp and
// its test include this. Runs in the child alone, before it sees a foreign byte; single-threaded.
#pragma once

#include "base/worker.h"

namespace davy::worker_detail {

// The descriptor of the child's end of the socket pair; every other one is closed.
inline constexpr int kSocketFd = 3;

// Makes `socket_fd` the only open descriptor, as kSocketFd. (With sanitizers stderr stays, for their reports.)
Status keep_only(int socket_fd);

// Gives up, in this order: network, user and groups, capabilities, privileges by exec, debuggability, resources, system
// calls. The kernel ends the child with its parent. Errors: unsupported (no seccomp), interrupted (parent already
// gone).
Result<Confinement> confine(const WorkerLimits& limits, const std::string& name, int parent_pid);

}  // namespace davy::worker_detail

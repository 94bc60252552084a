// A parent for the hashing process where a disguise needs one: own namespaces, or stopping and continuing it.
//
// The guardian forks the load, tells when it hashes (with the pid as seen from outside), stops and continues it at
// kThrottleMs intervals when asked to, ends it with itself, and removes the run's control group. The load dies with the
// guardian (parent-death signal), stopped or not. Single-threaded process required. Errors: io, permission_denied.
#pragma once

#include "drill/plan.h"

namespace davy::drill {

inline constexpr int kThrottleMs = 100;

bool needs_guardian(const Plan& plan);

// Returns in the guardian when all is over.
Status run_guarded(const Plan& plan);

// Makes a control group below the caller's own in the version 2 hierarchy; not_found or permission_denied without one.
Result<std::string> make_cgroup();

}  // namespace davy::drill

// Hides a running twin from those who look at /proc, in two ways, both undone by the end of a mount namespace or
// command.
//
// bind-mount: an empty folder over /proc/PID. preload: a library that leaves the pid out of directory listings, loaded
// into one command by LD_PRELOAD or, with `etc`, into all programs of a private mount namespace by /etc/ld.so.preload.
// Only processes that run this very program can be hidden, only for a bounded time (preload), and mounts are made only
// in a mount namespace other than that of process 1. With a command, a private mount namespace is made first and the
// command runs in it: nothing is left when it ends. Errors: invalid_argument, permission_denied, io.
#pragma once

#include <span>
#include <string>

#include "base/result.h"

namespace davy::drill {

struct HideRequest {
  int pid = 0;
  unsigned seconds = 600;         // preload: the library stops hiding after that
  bool preload = false;           // otherwise a bind mount
  bool etc = false;               // preload: by /etc/ld.so.preload of the namespace
  std::span<char*> command = {};  // NULL-terminated behind its end; empty: act on the caller's own namespace
};

// Returns when there is no command, or on failure.
Status hide(const HideRequest& request);

// Whether process `pid` runs the same program as this one (same bytes, whatever its name or place).
Result<bool> is_twin(int pid);

// Permission_denied, with the reason, when this process lives in the mount namespace of process 1.
Status require_private_mounts();

}  // namespace davy::drill

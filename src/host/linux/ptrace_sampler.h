// The fallback where BPF is refused: stops a thread for an instant, reads its floating-point control word, lets it go.
//
// Never leaves a thread stopped: it is detached on every path. A thread that somebody traces already, that is stopped
// or that dies meanwhile gives an error and nothing else happens to it. One caller at a time (ptrace belongs to a
// thread).
#pragma once

#include <cstdint>

#include "base/result.h"

namespace davy::host {

// Errors: not_found (it died), permission_denied, interrupted (it did not stop within 20 ms).
Result<std::uint32_t> sample_fp_control(std::int64_t tid);

}  // namespace davy::host

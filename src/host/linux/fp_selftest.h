// Does the walker read floating-point control words rightly on this kernel? A helper thread sets known rounding modes
// and the walker must read them back; a wrong structure layout, or somebody who tampers with the walk, shows here.
#pragma once

#include "base/result.h"
#include "host/linux/task_walk.h"

namespace davy::host {

// Takes at most about 60 ms. Errors: unsupported (the walker reads no such word, or reads it wrongly).
Status test_fp_control(TaskWalker& walker);

// Rounding modes are read from this processor's kind of control word.
std::string_view architecture();

}  // namespace davy::host

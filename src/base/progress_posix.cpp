#include <unistd.h>

#include "base/progress.h"

namespace davy {

bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

}  // namespace davy

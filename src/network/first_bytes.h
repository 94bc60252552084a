// Whether the beginning of a payload can begin something that mining travels in: JSON, HTTP, TLS, WebSocket, SOCKS, and
// the binary dialects. Looks at a few bytes; that is all most flows of a busy line ever cost. Pure; thread-safe.
#pragma once

#include "base/bytes.h"

namespace davy::network {

// False means: nothing that the unwrapper or a dialect knows begins like this. True promises nothing.
bool worth_reading(ByteView payload);

}  // namespace davy::network

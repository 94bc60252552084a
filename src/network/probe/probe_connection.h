// One question to one server: connect, perhaps in TLS, send, listen for a while, close.
//
// The certificate is not checked: a pool's seldom holds, and nothing secret is said. Bounded: `seconds` in all, and
// kAnswerBytesMax of answer. Blocks the calling thread; needs OpenSSL (probe_connection.cpp alone). Errors: io (nothing
// could be sent: refused, unreachable, no TLS there).
#pragma once

#include <string>

#include "base/bytes.h"
#include "network/address.h"

namespace davy::network::probe {

struct Ask {
  Address address;
  std::uint16_t port = 0;
  bool tls = false;
  std::string server_name;  // of the TLS hello; empty for none
  double seconds = 5.0;
};

Result<Bytes> ask(const Ask& how, ByteView question);

}  // namespace davy::network::probe

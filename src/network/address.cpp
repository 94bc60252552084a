#include "network/address.h"

#include <arpa/inet.h>

namespace davy::network {

std::string to_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const bool v4 = address.is_v4();
  ::inet_ntop(v4 ? AF_INET : AF_INET6, address.bytes.data() + (v4 ? 12 : 0), text, sizeof text);
  return text;
}

}  // namespace davy::network

#include "network/address.h"

#include <arpa/inet.h>

namespace davy::network {

std::string to_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const bool v4 = address.is_v4();
  ::inet_ntop(v4 ? AF_INET : AF_INET6, address.bytes.data() + (v4 ? 12 : 0), text, sizeof text);
  return text;
}

std::optional<Address> parse_address(const std::string& text) {
  std::uint8_t bytes[16];
  if (::inet_pton(AF_INET, text.c_str(), bytes) == 1) return Address::v4(bytes);
  if (::inet_pton(AF_INET6, text.c_str(), bytes) == 1) return Address::v6(bytes);
  return std::nullopt;
}

}  // namespace davy::network

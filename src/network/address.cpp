#include "network/address.h"

#include <arpa/inet.h>

#include <charconv>

namespace davy::network {

namespace {

// By hand: inet_ntop prints, and each new connection asks.
std::string dotted(const std::uint8_t* four) {
  char text[16];
  char* at = text;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) *at++ = '.';
    at = std::to_chars(at, text + sizeof text, unsigned{four[i]}).ptr;
  }
  return {text, at};
}

}  // namespace

std::string to_text(const Address& address) {
  if (address.is_v4()) return dotted(address.bytes.data() + 12);
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
  return text;
}

std::optional<Address> parse_address(const std::string& text) {
  std::uint8_t bytes[16];
  if (::inet_pton(AF_INET, text.c_str(), bytes) == 1) return Address::v4(bytes);
  if (::inet_pton(AF_INET6, text.c_str(), bytes) == 1) return Address::v6(bytes);
  return std::nullopt;
}

}  // namespace davy::network

// Small texts of foreign origin: cut, printable, decoded. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace davy::network {

// Printable and at most kFactBytesMax bytes.
std::string bounded(std::string_view text);
// "10.0.0.1" of the first 4 bytes, "2001:db8::1" of the first 16; empty when there are fewer.
std::string ipv4_text(ByteView address);
std::string ipv6_text(ByteView address);
// RFC 4648 with or without padding; nothing when a character is no base64.
std::optional<std::string> from_base64(std::string_view text);

bool equal_ignoring_case(std::string_view a, std::string_view b);
// Whether the list "a, B ;q=1" of an HTTP header has the token.
bool has_token(std::string_view list, std::string_view token);
std::string_view trimmed(std::string_view text);

}  // namespace davy::network

// The hellos of TLS: what a client offers, its fingerprints, what the server chose, and the names in a certificate.
//
// Bodies are those of a handshake message, without its type and length; QUIC carries the same ones. GREASE values
// (RFC 8701) are left out everywhere. Lists are at most kHelloListMax long; texts are printable and bounded. Pure;
// thread-safe. Nothing is given for a body that is cut off or damaged.
//
//   if (const auto hello = parse_client_hello(body)) report(hello->server_name, ja4_of(*hello, 't'));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace davy::network {

inline constexpr std::size_t kHelloListMax = 256;
inline constexpr std::size_t kCertificateNamesMax = 32;
inline constexpr std::uint16_t kTls12 = 0x0303, kTls13 = 0x0304;

struct ClientHello {
  std::uint16_t legacy_version = 0;
  std::uint16_t version = 0;                                                     // the highest that is offered
  std::vector<std::uint16_t> ciphers, extensions, groups, signature_algorithms;  // in their order
  std::vector<std::uint8_t> point_formats;
  std::string server_name;  // lower case; empty without one
  std::vector<std::string> alpn;
};
std::optional<ClientHello> parse_client_hello(ByteView body);

// Salesforce's JA3: MD5, in hexadecimal, of the numbers of version, ciphers, extensions, groups and point formats.
std::string ja3_of(const ClientHello& hello);
// FoxIO's JA4 (its TLS client fingerprint, BSD licence); `transport` is 't' for TCP, 'q' for QUIC.
std::string ja4_of(const ClientHello& hello, char transport);

struct ServerHello {
  std::uint16_t version = 0;  // as negotiated
  std::uint16_t cipher = 0;
  bool retry = false;  // asks for another ClientHello
};
std::optional<ServerHello> parse_server_hello(ByteView body);

// Common name and DNS names of the first certificate in a Certificate message of TLS 1.2 or before.
std::vector<std::string> parse_certificate_names(ByteView body);

}  // namespace davy::network

// The intel pack: one file of knowledge with its signature. Layout (integers little endian):
//
//   0    "DAVYPACK"                          8 bytes
//   8    format version, 1                   u32
//   12   length of the header H              u32
//   16   certificate of the signing key      kCertificateBytes (trust.h)
//   152  header                              H bytes of JSON
//        parts, one behind the other         JSON texts, in the order of the header
//        Ed25519 signature by the signing key over everything before it   64 bytes
//
// Header: {"version","created","serial","kind","author","parts":[{"name","bytes","sha256"}]}. `serial` only grows from
// pack to pack; that is what refuses a downgrade (installed.h). `kind` is "base", or "extra" for packs of other
// authors that only add names. The signature is checked before the header is looked at.
//
// Stateless and thread-safe. Errors: malformed (not a pack, or its contents do not fit its header), limit_exceeded,
// untrusted (signer unknown or expired, signature wrong), io (cannot sign).
//
//   const Pack pack = TRY(read_pack(bytes, trust, clock.now()));
//   const Json ports = TRY(Json::parse(pack.parts.at("ports")));
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "intel/trust.h"

namespace davy::intel {

inline constexpr std::size_t kPackBytesMax = 32U << 20;
inline constexpr std::size_t kHeaderBytesMax = 64U << 10;
inline constexpr std::size_t kPartsMax = 32;
inline constexpr std::size_t kPartNameBytesMax = 64;
inline constexpr std::size_t kVersionBytesMax = 32;
inline constexpr std::size_t kAuthorBytesMax = 200;
inline constexpr std::uint32_t kPackFormat = 1;

enum class PackKind { base, extra };

struct PackHeader {
  std::string version;  // letters, digits, '.', '-', such as "2026.11.1"
  Timestamp created;
  std::uint64_t serial = 0;
  PackKind kind = PackKind::base;
  std::string author;  // of an extra pack
};

using PackParts = std::map<std::string, std::string, std::less<>>;  // JSON texts by name

struct Pack {
  PackHeader header;
  PackParts parts;
  Certificate certificate;
  std::string trust;   // name of the root: "release", "development"
  std::string digest;  // hexadecimal SHA-256 of the whole file
};

Result<Bytes> write_pack(const PackHeader& header, const PackParts& parts, const PrivateKey& key,
                         const Certificate& certificate);

Result<Pack> read_pack(ByteView bytes, const TrustStore& trust, Timestamp now);

// The certificate, when certificate and pack signature both are genuine, whoever the root is: "intact, signer unknown"
// is another answer than "broken".
Result<Certificate> check_signatures(ByteView bytes);

// A pack around any header and body, well signed. For write_pack, and for tests of what a signer may do wrong.
Result<Bytes> seal(std::string_view header, ByteView body, const PrivateKey& key, const Certificate& certificate);

}  // namespace davy::intel

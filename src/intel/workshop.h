// What `davy intel` does with packs and keys, short of printing: make, look into, verify.
//
// A pack is signed by a key file. Without a certificate beside it the key certifies itself, which is what a development
// key does; a release key comes with the certificate that the root gave it (make_signing_key). Time is passed in.
// Stateless; POSIX. Errors: those of the files, of the builder (builder.h) and of reading packs (pack.h);
// invalid_argument when a file would be overwritten.
//
//   const Bytes pack = TRY(make_pack({.key_file = "k.pem", .data = "data", .version = "2026.11.1", .now =
//   clock.now()})); const Inspection seen = TRY(inspect(pack, trust, clock.now()));
#pragma once

#include <optional>
#include <string>

#include "intel/knowledge.h"

namespace davy::intel {

inline constexpr int kKeyDaysDefault = 365;
inline constexpr int kKeyDaysMax = 3650;
inline constexpr const char* kCertificateSuffix = ".certificate";

struct PackOrder {
  std::string key_file;
  std::string data;  // a folder, or with `extra` one file
  bool extra = false;
  std::string version;
  std::optional<std::uint64_t> serial;  // default: seconds since 1970, which only grow
  Timestamp now;
};

// Uses `key_file` + kCertificateSuffix when there is such a file.
Result<Bytes> make_pack(const PackOrder& order);

struct KeyOrder {
  std::string out;
  std::optional<std::string> root_file;  // certifies the new key; writes out + kCertificateSuffix
  int days = kKeyDaysDefault;            // until the certificate expires
  Timestamp now;
};

Result<PublicKey> make_signing_key(const KeyOrder& order);

struct Inspection {
  PackHeader header;
  std::string trust;
  std::string digest;
  Timestamp key_expires;
  Counts counts;
};

// A trusted pack, base or extra, that also loads.
Result<Inspection> inspect(ByteView pack, const TrustStore& trust, Timestamp now);

enum class Soundness { intact, signer_unknown };

// An error when it is broken, forged, or signed with an expired key.
Result<Soundness> verify_pack(ByteView pack, const TrustStore& trust, Timestamp now);

}  // namespace davy::intel

// Whom a build believes: root keys, and the certificates by which a root lets a signing key sign packs for a while.
//
// A release root is compiled in from the CMake option DAVY_RELEASE_ROOT_KEY; a build without one trusts the development
// key that its clone made for itself (build/keys/), and says so in every summary. Time is passed in; nothing here reads
// a clock. Plain values, safe to share between threads while nobody adds roots.
// Errors: untrusted (unknown root, forged certificate, expired key), malformed (not a certificate), io (cannot sign).
//
//   const TrustStore trust = TRY(TrustStore::built_in());
//   const std::string by_whom = TRY(trust.judge(certificate, now));   // "release" or "development"
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/signature.h"

namespace davy::intel {

inline constexpr std::size_t kCertificateBytes = 32 + 32 + 8 + 64;

// "`root` lets `key` sign packs until `expires`." A root may certify itself. Whole seconds.
struct Certificate {
  PublicKey root;
  PublicKey key;
  Timestamp expires;
  Signature by_root{};

  // root, key, expiry (seconds since 1970, little endian), signature.
  Bytes encode() const;
  static Result<Certificate> decode(ByteView bytes);

  friend bool operator==(const Certificate&, const Certificate&) = default;
};

Result<Certificate> certify(const PrivateKey& root, const PublicKey& key, Timestamp expires);

// Whether the root that it names really signed it; says nothing about whether that root is trusted.
bool is_genuine(const Certificate& certificate);

class TrustStore {
 public:
  TrustStore() = default;  // trusts nobody

  // The roots compiled in. Errors: malformed (the build was given a key that is none).
  static Result<TrustStore> built_in();

  void add_root(const PublicKey& root, std::string name);

  std::optional<std::string> name_of_root(const PublicKey& root) const;

  // The name of the root, when the certificate is genuine, by a trusted root and not expired at `now`.
  Result<std::string> judge(const Certificate& certificate, Timestamp now) const;

 private:
  struct Root {
    PublicKey key;
    std::string name;
  };
  std::vector<Root> roots_;
};

}  // namespace davy::intel

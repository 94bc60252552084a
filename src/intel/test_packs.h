// For tests: a signer of its own and the trust store that believes it.
#pragma once

#include <string>

#include "intel/pack.h"

namespace davy::intel {

inline constexpr Timestamp kTestNow{1'790'000'000'000'000'000};  // 2026-09-21

struct TestSigner {
  PrivateKey root = PrivateKey::generate().value();
  PrivateKey key = PrivateKey::generate().value();
  Certificate certificate = certify(root, key.public_key(), kTestNow + std::chrono::hours(24)).value();
  TrustStore trust = trusting(root.public_key());

  Bytes pack(const PackParts& parts, std::uint64_t serial = 1, const std::string& author = "") const {
    PackHeader header{
        .version = "2026.11." + std::to_string(serial), .created = kTestNow, .serial = serial, .author = author};
    if (!author.empty()) header.kind = PackKind::extra;
    return write_pack(header, parts, key, certificate).value();
  }

 private:
  static TrustStore trusting(const PublicKey& root) {
    TrustStore out;
    out.add_root(root, "development");
    return out;
  }
};

}  // namespace davy::intel

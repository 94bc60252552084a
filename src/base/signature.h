// Ed25519 keys and signatures (RFC 8032), and the two habits that secrets need: wiping and constant-time comparison.
//
// A PrivateKey owns its seed, wipes it when it goes, cannot be copied and is never printed. Everything here is
// thread-safe on values that nobody changes. Key files are PKCS#8 PEM, mode 0600; a file that others may read is
// refused. Errors: malformed (not such a key), untrusted (file open to others), plus those of the file layer. Signing
// and verifying are not available in builds without OpenSSL (defined in signature_openssl.cpp).
//
//   const PrivateKey key = TRY(PrivateKey::generate());
//   const Signature mark = TRY(key.sign(as_bytes("pack")));
//   const bool intact = verify(key.public_key(), as_bytes("pack"), mark);
#pragma once

#include <array>
#include <string>

#include "base/bytes.h"

namespace davy {

using Signature = std::array<std::uint8_t, 64>;

struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};

  static Result<PublicKey> from_hex(std::string_view hex);  // exactly 64 digits
  std::string hex() const { return to_hex(bytes); }

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

class PrivateKey {
 public:
  static Result<PrivateKey> generate();
  static Result<PrivateKey> from_seed(ByteView seed);  // exactly 32 bytes, the RFC 8032 private key
  static Result<PrivateKey> load(const std::string& path);

  PrivateKey(PrivateKey&& other) noexcept;
  PrivateKey& operator=(PrivateKey&& other) noexcept;
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
  ~PrivateKey();

  Status save(const std::string& path) const;  // replaces the file, synced, mode 0600
  Result<Signature> sign(ByteView message) const;
  const PublicKey& public_key() const { return public_key_; }

 private:
  PrivateKey() = default;

  std::array<std::uint8_t, 32> seed_{};
  PublicKey public_key_;
};

// False for anything but a 64-byte signature of exactly this message by this key.
bool verify(const PublicKey& key, ByteView message, ByteView signature);

// Whether both are equal, in time that depends on the lengths alone.
bool equal_constant_time(ByteView a, ByteView b);

// Overwrites a secret in a way that the compiler does not optimise away.
void wipe(std::span<std::uint8_t> secret);

}  // namespace davy

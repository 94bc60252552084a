#include "base/signature.h"

#include <algorithm>

namespace davy {

Result<PublicKey> PublicKey::from_hex(std::string_view hex) {
  const Bytes raw = TRY(davy::from_hex(hex));
  PublicKey key;
  if (raw.size() != key.bytes.size()) return fail(ErrorCode::malformed, "an Ed25519 public key has 32 bytes");
  std::ranges::copy(raw, key.bytes.begin());
  return key;
}

PrivateKey::PrivateKey(PrivateKey&& other) noexcept : seed_(other.seed_), public_key_(other.public_key_) {
  wipe(other.seed_);
}

PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept {
  if (this == &other) return *this;
  seed_ = other.seed_;
  public_key_ = other.public_key_;
  wipe(other.seed_);
  return *this;
}

PrivateKey::~PrivateKey() { wipe(seed_); }

bool equal_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

void wipe(std::span<std::uint8_t> secret) {
  volatile std::uint8_t* bytes = secret.data();
  for (std::size_t i = 0; i < secret.size(); ++i) bytes[i] = 0;
}

}  // namespace davy

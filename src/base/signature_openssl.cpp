#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "base/file.h"
#include "base/signature.h"

namespace davy {
namespace {

constexpr std::size_t kKeyFileBytesMax = 4096;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<EVP_PKEY> key_of(ByteView seed) {
  return Owned<EVP_PKEY>(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

Status refuse_open_to_others(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return fail_errno(errno, "cannot look at the key file", path);
  if ((info.st_mode & 077U) != 0) return fail(ErrorCode::untrusted, "others may read the private key", path);
  return {};
}

}  // namespace

Result<PrivateKey> PrivateKey::generate() {
  std::array<std::uint8_t, 32> seed{};
  if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1)
    return fail(ErrorCode::io, "no random bytes for a key");
  auto key = from_seed(seed);
  wipe(seed);
  return key;
}

Result<PrivateKey> PrivateKey::from_seed(ByteView seed) {
  PrivateKey key;
  if (seed.size() != key.seed_.size()) return fail(ErrorCode::malformed, "an Ed25519 private key has 32 bytes");
  std::ranges::copy(seed, key.seed_.begin());
  const auto handle = key_of(seed);
  std::size_t length = key.public_key_.bytes.size();
  if (handle == nullptr || EVP_PKEY_get_raw_public_key(handle.get(), key.public_key_.bytes.data(), &length) != 1)
    return fail(ErrorCode::unsupported, "this libcrypto has no Ed25519");
  return key;
}

Result<PrivateKey> PrivateKey::load(const std::string& path) {
  TRY(refuse_open_to_others(path));
  Bytes pem = TRY(read_file(path, kKeyFileBytesMax));
  const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const auto no_password = [](char*, int, int, void*) { return -1; };
  const Owned<EVP_PKEY> handle(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  wipe(pem);
  std::array<std::uint8_t, 32> seed{};
  std::size_t length = seed.size();
  if (handle == nullptr || EVP_PKEY_id(handle.get()) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_private_key(handle.get(), seed.data(), &length) != 1)
    return fail(ErrorCode::malformed, "not an Ed25519 private key in PEM", path);
  auto key = from_seed(seed);
  wipe(seed);
  return key;
}

Status PrivateKey::save(const std::string& path) const {
  const auto handle = key_of(seed_);
  const Owned<BIO> bio(BIO_new(BIO_s_secmem()));
  if (handle == nullptr || bio == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), handle.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return fail(ErrorCode::io, "cannot encode the private key", path);
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return write_file_durably(path, as_bytes({data, static_cast<std::size_t>(length)}), 0600);
}

Result<Signature> PrivateKey::sign(ByteView message) const {
  const auto handle = key_of(seed_);
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  Signature mark{};
  std::size_t length = mark.size();
  if (handle == nullptr || context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle.get()) != 1 ||
      EVP_DigestSign(context.get(), mark.data(), &length, message.data(), message.size()) != 1)
    return fail(ErrorCode::io, "cannot sign");
  return mark;
}

bool verify(const PublicKey& key, ByteView message, ByteView signature) {
  if (signature.size() != Signature{}.size()) return false;
  const Owned<EVP_PKEY> handle(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  return handle != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

}  // namespace davy

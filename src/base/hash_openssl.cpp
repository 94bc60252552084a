#include <openssl/evp.h>

#include "base/hash.h"

namespace davy {
namespace {

// The digests used here are always part of libcrypto; without them there is nothing to continue with.
void require(bool done) {
  if (!done) std::abort();
}

hash_detail::Context start(const EVP_MD* kind) {
  hash_detail::Context context(EVP_MD_CTX_new());
  require(context != nullptr && EVP_DigestInit_ex(context.get(), kind, nullptr) == 1);
  return context;
}

template <class Digest>
Digest finish(EVP_MD_CTX* context, const EVP_MD* kind) {
  Digest digest{};
  unsigned length = 0;
  require(EVP_DigestFinal_ex(context, digest.data(), &length) == 1 && length == digest.size());
  require(EVP_DigestInit_ex(context, kind, nullptr) == 1);
  return digest;
}

}  // namespace

void hash_detail::FreeContext::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(start(EVP_sha256())) {}
void Sha256::update(ByteView bytes) { require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1); }
Sha256Digest Sha256::finish() { return davy::finish<Sha256Digest>(context_.get(), EVP_sha256()); }

Md5::Md5() : context_(start(EVP_md5())) {}
void Md5::update(ByteView bytes) { require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1); }
Md5Digest Md5::finish() { return davy::finish<Md5Digest>(context_.get(), EVP_md5()); }

Sha256Digest sha256(ByteView bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.finish();
}

Md5Digest md5(ByteView bytes) {
  Md5 digest;
  digest.update(bytes);
  return digest.finish();
}

}  // namespace davy

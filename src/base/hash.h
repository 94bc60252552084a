// Digests of bytes: SHA-256 for identity, MD5 only because dpkg records it (never a proof of anything hostile).
//
// Free functions are thread-safe; one Sha256 or Md5 object belongs to one thread and is used up by finish().
// Not available in builds without OpenSSL (declared everywhere, defined in hash_openssl.cpp).
//
//   Sha256 digest;
//   while (more()) digest.update(next_block());
//   const std::string hex = to_hex(digest.finish());
#pragma once

#include <array>
#include <memory>

#include "base/bytes.h"

struct evp_md_ctx_st;

namespace davy {

using Sha256Digest = std::array<std::uint8_t, 32>;
using Md5Digest = std::array<std::uint8_t, 16>;

namespace hash_detail {
struct FreeContext {
  void operator()(evp_md_ctx_st* context) const;
};
using Context = std::unique_ptr<evp_md_ctx_st, FreeContext>;
}  // namespace hash_detail

class Sha256 {
 public:
  Sha256();
  void update(ByteView bytes);
  Sha256Digest finish();  // once; the object starts anew afterwards

 private:
  hash_detail::Context context_;
};

class Md5 {
 public:
  Md5();
  void update(ByteView bytes);
  Md5Digest finish();  // once; the object starts anew afterwards

 private:
  hash_detail::Context context_;
};

Sha256Digest sha256(ByteView bytes);
Md5Digest md5(ByteView bytes);

}  // namespace davy

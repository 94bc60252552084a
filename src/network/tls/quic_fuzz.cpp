// Datagrams as they are, and the input as the frames of a packet that opens: sealed here with the keys of its id.
#include <openssl/evp.h>

#include "network/tls/quic.h"

namespace {

using davy::Bytes;
using davy::ByteView;
using namespace davy::network;

Bytes seal(ByteView frames) {
  const std::uint8_t id[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  static const QuicKeys keys = *quic_client_keys(kQuicVersion1, id);
  const std::size_t length = frames.size() + 4 + 16;
  Bytes header = {0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0};
  header.insert(header.end(),
                {static_cast<std::uint8_t>(0x40U | length >> 8U), static_cast<std::uint8_t>(length), 0, 0, 0, 0});
  Bytes out = header;
  out.resize(header.size() + frames.size() + 16);
  int done = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nullptr, keys.key.data(), keys.iv.data());
  EVP_EncryptUpdate(context, nullptr, &done, header.data(), static_cast<int>(header.size()));
  EVP_EncryptUpdate(context, out.data() + header.size(), &done, frames.data(), static_cast<int>(frames.size()));
  EVP_EncryptFinal_ex(context, out.data(), &done);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, out.data() + header.size() + frames.size());
  std::uint8_t mask[32] = {};
  EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nullptr, keys.header.data(), nullptr);
  EVP_EncryptUpdate(context, mask, &done, out.data() + header.size(), 16);
  EVP_CIPHER_CTX_free(context);
  out[0] ^= mask[0] & 0x0fU;
  for (std::size_t i = 0; i < 4; ++i) out[18 + i] ^= mask[1 + i];
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView bytes(data, size);
  QuicReader raw;
  raw.feed(bytes);
  if (size < 16 || size > 8'000) return 0;
  QuicReader reader;
  for (const std::size_t cut : {size / 2, size}) {
    reader.feed(seal(bytes.first(cut)));
    if (reader.skipped() > 1) __builtin_trap();  // what was sealed here opens
  }
  return 0;
}

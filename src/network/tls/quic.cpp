#include "network/tls/quic.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>

#include "network/byte_cursor.h"

namespace davy::network {
namespace {

constexpr std::uint32_t kDraft29 = 0xff00001d;
constexpr std::size_t kIdBytesMax = 20;
constexpr std::size_t kTagBytes = 16, kSampleBytes = 16, kNumberBytesMax = 4;
constexpr std::size_t kRangesMax = 64;
constexpr std::uint8_t kClientHello = 1;

using Salt = std::array<std::uint8_t, 20>;
constexpr Salt kSalt1 = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                         0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};  // RFC 9001 5.2
constexpr Salt kSalt2 = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                         0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};  // RFC 9369 3.3.1
constexpr Salt kSalt29 = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                          0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};

using Secret = std::array<std::uint8_t, 32>;

Secret hmac(ByteView key, ByteView data) {
  Secret out{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(), &length);
  return out;
}

// HKDF-Expand-Label of RFC 8446 7.1 for at most 32 bytes, which is one block.
Secret expand_label(const Secret& secret, std::string_view label, std::size_t size) {
  const std::string full = std::string("tls13 ").append(label);
  Bytes info = {0, static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(full.size())};
  info.insert(info.end(), full.begin(), full.end());
  info.push_back(0);  // no context
  info.push_back(1);  // the first block
  return hmac(secret, info);
}

const Salt* salt_of(std::uint32_t version) {
  if (version == kQuicVersion1) return &kSalt1;
  if (version == kQuicVersion2) return &kSalt2;
  return version == kDraft29 ? &kSalt29 : nullptr;
}

// A number of RFC 9000 16; the two top bits of its first byte say how long it is.
std::uint64_t variable(ByteCursor& cursor) {
  const std::uint8_t first = cursor.u8();
  std::uint64_t out = first & 0x3fU;
  for (const std::uint8_t byte : cursor.take((std::size_t{1} << (first >> 6U)) - 1)) out = out << 8U | byte;
  return out;
}

ByteView variable_vector(ByteCursor& cursor) {
  const std::uint64_t size = variable(cursor);
  return cursor.take(static_cast<std::size_t>(std::min<std::uint64_t>(size, SIZE_MAX)));
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

std::array<std::uint8_t, 16> header_mask(const QuicKeys& keys, ByteView sample) {
  std::array<std::uint8_t, 16> out{};
  int length = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ecb(), nullptr, keys.header.data(), nullptr);
  EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
  EVP_EncryptUpdate(cipher.get(), out.data(), &length, sample.data(), static_cast<int>(out.size()));
  return out;
}

std::optional<Bytes> unseal(const QuicKeys& keys, ByteView header, ByteView sealed, std::uint32_t number) {
  auto nonce = keys.iv;
  for (std::size_t i = 0; i < 4; ++i) nonce[11 - i] ^= static_cast<std::uint8_t>(number >> (8 * i));
  const ByteView body = sealed.first(sealed.size() - kTagBytes);
  Bytes tag(sealed.end() - kTagBytes, sealed.end());
  Bytes out(body.size());
  int length = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  EVP_DecryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(), nonce.data());
  EVP_DecryptUpdate(cipher.get(), nullptr, &length, header.data(), static_cast<int>(header.size()));
  EVP_DecryptUpdate(cipher.get(), out.data(), &length, body.data(), static_cast<int>(body.size()));
  EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag.size()), tag.data());
  if (EVP_DecryptFinal_ex(cipher.get(), out.data() + body.size(), &length) != 1) return std::nullopt;
  return out;
}

// Takes off the protection of the header (RFC 9001 5.4), then that of the payload.
std::optional<Bytes> open_with(const QuicKeys& keys, ByteView packet, std::size_t number_at) {
  if (packet.size() < number_at + kNumberBytesMax + kSampleBytes) return std::nullopt;
  const auto mask = header_mask(keys, packet.subspan(number_at + kNumberBytesMax, kSampleBytes));
  const auto first = static_cast<std::uint8_t>(packet[0] ^ (mask[0] & 0x0fU));
  const std::size_t width = (first & 3U) + 1;
  Bytes header(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(number_at + width));
  header[0] = first;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < width; ++i) {
    header[number_at + i] ^= mask[1 + i];
    number = number << 8U | header[number_at + i];
  }
  return unseal(keys, header, packet.subspan(number_at + width), number);
}

bool skip_acknowledgement(ByteCursor& cursor, bool with_counts) {
  variable(cursor), variable(cursor);
  const std::uint64_t ranges = variable(cursor);
  variable(cursor);
  for (std::uint64_t i = 0; i < ranges && cursor.good(); ++i) variable(cursor), variable(cursor);
  for (int i = 0; with_counts && i < 3; ++i) variable(cursor);
  return cursor.good();
}

}  // namespace

std::optional<QuicKeys> quic_client_keys(std::uint32_t version, ByteView destination_id) {
  const Salt* salt = salt_of(version);
  if (salt == nullptr) return std::nullopt;
  const Secret client = expand_label(hmac(*salt, destination_id), "client in", 32);
  const std::string prefix = version == kQuicVersion2 ? "quicv2 " : "quic ";
  QuicKeys keys;
  std::ranges::copy_n(expand_label(client, prefix + "key", keys.key.size()).begin(), keys.key.size(), keys.key.begin());
  std::ranges::copy_n(expand_label(client, prefix + "iv", keys.iv.size()).begin(), keys.iv.size(), keys.iv.begin());
  std::ranges::copy_n(expand_label(client, prefix + "hp", keys.header.size()).begin(), keys.header.size(),
                      keys.header.begin());
  return keys;
}

bool QuicReader::feed(ByteView datagram) {
  if (done()) return true;
  bool any = false;
  while (!datagram.empty() && !done() && read_packet(datagram)) any = true;
  ++datagrams_;
  return any;
}

// Takes one packet from the front; Initial ones are read, others passed over.
bool QuicReader::read_packet(ByteView& datagram) {
  ByteCursor cursor(datagram);
  const std::uint8_t first = cursor.u8();
  const std::uint32_t version = cursor.u32();
  const ByteView destination = cursor.vector(1), source = cursor.vector(1);
  const bool long_header = (first & 0xc0U) == 0xc0U && salt_of(version) != nullptr;
  if (!cursor.good() || !long_header || destination.size() > kIdBytesMax || source.size() > kIdBytesMax) return false;
  const unsigned type = first >> 4U & 3U;
  const unsigned initial = version == kQuicVersion2 ? 1 : 0, retry = version == kQuicVersion2 ? 0 : 3;
  if (type == retry) return false;
  if (type == initial) variable_vector(cursor);  // token
  const std::uint64_t size = variable(cursor);
  const std::size_t number_at = datagram.size() - cursor.rest().size();
  if (!cursor.good() || size > cursor.rest().size()) return false;
  const ByteView packet = datagram.first(number_at + static_cast<std::size_t>(size));
  datagram = datagram.subspan(packet.size());
  version_ = version;
  if (type != initial) return true;
  if (const auto frames = open(packet, number_at, destination)) read_frames(*frames);
  else ++skipped_;
  return true;
}

// The keys stay those of the first destination, whatever the client names later; after a Retry they are new.
std::optional<Bytes> QuicReader::open(ByteView packet, std::size_t number_at, ByteView destination_id) {
  if (keys_)
    if (auto frames = open_with(*keys_, packet, number_at)) return frames;
  const auto keys = quic_client_keys(version_, destination_id);
  auto frames = keys ? open_with(*keys, packet, number_at) : std::nullopt;
  if (frames) keys_ = keys;
  return frames;
}

void QuicReader::read_frames(ByteView frames) {
  ByteCursor cursor(frames);
  while (cursor.more() && !done()) {
    switch (variable(cursor)) {
      case 0:         // padding
      case 1: break;  // ping
      case 2: skip_acknowledgement(cursor, false); break;
      case 3: skip_acknowledgement(cursor, true); break;
      case 6: {
        const std::uint64_t offset = variable(cursor);
        const ByteView data = variable_vector(cursor);
        if (cursor.good()) take_crypto(offset, data);
        break;
      }
      default: return;  // nothing else belongs here
    }
  }
}

void QuicReader::take_crypto(std::uint64_t offset, ByteView data) {
  if (offset > kQuicHelloBytesMax || data.size() > kQuicHelloBytesMax - offset || data.empty()) return;
  const auto begin = static_cast<std::size_t>(offset), end = begin + data.size();
  if (handshake_.size() < end) handshake_.resize(end);
  std::ranges::copy(data, handshake_.begin() + static_cast<std::ptrdiff_t>(begin));
  if (have_.size() < kRangesMax) have_.emplace_back(begin, end);
  std::ranges::sort(have_);
  std::size_t kept = 0;
  for (std::size_t i = 1; i < have_.size(); ++i) {
    if (have_[i].first <= have_[kept].second) have_[kept].second = std::max(have_[kept].second, have_[i].second);
    else have_[++kept] = have_[i];
  }
  have_.resize(kept + 1);
  read_hello();
}

void QuicReader::read_hello() {
  if (have_.front().first != 0) return;
  ByteCursor cursor(ByteView(handshake_).first(have_.front().second));
  const std::uint8_t type = cursor.u8();
  const ByteView body = cursor.vector(3);
  if (!cursor.good()) return;
  if (type == kClientHello) hello_ = parse_client_hello(body);
  if (!hello_) ++skipped_, datagrams_ = kQuicDatagramsMax;  // no use in going on
  Bytes().swap(handshake_);
  have_.clear();
}

}  // namespace davy::network

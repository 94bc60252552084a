#include "network/tls/quic.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace davy::network {
namespace {

// RFC 9001, appendix A: the destination id, and the CRYPTO frame of A.2.
const Bytes kDestination = *from_hex("8394c8f03e515708");
const Bytes kHello = *from_hex(
    "010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00"
    "000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300260024"
    "001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e04030503060302"
    "03080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901"
    "100f088394c8f03e51570806048000ffff");

Bytes crypto(std::size_t offset, ByteView data) {
  std::string out = "\x06";
  if (offset > 63) out += static_cast<char>(0x40U | offset >> 8U);
  out += static_cast<char>(offset);
  out += {static_cast<char>(0x40U | data.size() >> 8U), static_cast<char>(data.size())};
  out += as_text(data);
  return {out.begin(), out.end()};
}

// An Initial packet as a client seals it: header, frames padded to `size` bytes, packet number of four bytes.
Bytes seal(std::uint32_t version, Bytes frames, std::uint32_t number, ByteView key_id, std::size_t size = 1'162) {
  const QuicKeys keys = *quic_client_keys(version, key_id);
  frames.resize(std::max(size, frames.size()));
  const std::size_t length = frames.size() + 4 + 16;
  Bytes header = {static_cast<std::uint8_t>(version == kQuicVersion2 ? 0xd3 : 0xc3)};
  for (int shift = 24; shift >= 0; shift -= 8) header.push_back(static_cast<std::uint8_t>(version >> shift));
  header.push_back(static_cast<std::uint8_t>(kDestination.size()));
  header.insert(header.end(), kDestination.begin(), kDestination.end());
  header.insert(header.end(),
                {0, 0, static_cast<std::uint8_t>(0x40U | length >> 8U), static_cast<std::uint8_t>(length)});
  const std::size_t number_at = header.size();
  auto nonce = keys.iv;
  for (int i = 0; i < 4; ++i) {
    header.push_back(static_cast<std::uint8_t>(number >> (24 - 8 * i)));
    nonce[8 + static_cast<std::size_t>(i)] ^= header.back();
  }
  Bytes out = header;
  out.resize(header.size() + frames.size() + 16);
  int done = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nullptr, keys.key.data(), nonce.data());
  EVP_EncryptUpdate(context, nullptr, &done, header.data(), static_cast<int>(header.size()));
  EVP_EncryptUpdate(context, out.data() + header.size(), &done, frames.data(), static_cast<int>(frames.size()));
  EVP_EncryptFinal_ex(context, out.data(), &done);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, out.data() + header.size() + frames.size());
  std::uint8_t mask[32] = {};
  EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nullptr, keys.header.data(), nullptr);
  EVP_EncryptUpdate(context, mask, &done, out.data() + number_at + 4, 16);
  EVP_CIPHER_CTX_free(context);
  out[0] ^= mask[0] & 0x0fU;
  for (std::size_t i = 0; i < 4; ++i) out[number_at + i] ^= mask[1 + i];
  return out;
}

TEST(Quic, KeysOfRfc9001AndRfc9369) {
  const auto one = quic_client_keys(kQuicVersion1, kDestination);
  ASSERT_TRUE(one);
  EXPECT_EQ(to_hex(one->key), "1f369613dd76d5467730efcbe3b1a22d");
  EXPECT_EQ(to_hex(one->iv), "fa044b2f42a3fd3b46fb255c");
  EXPECT_EQ(to_hex(one->header), "9f50449e04a0e810283a1e9933adedd2");
  const auto two = quic_client_keys(kQuicVersion2, kDestination);
  ASSERT_TRUE(two);
  EXPECT_EQ(to_hex(two->key), "8b1a0bc121284290a29e0971b5cd045d");
  EXPECT_EQ(to_hex(two->iv), "91f73e2351d8fa91660e909f");
  EXPECT_EQ(to_hex(two->header), "45b95e15235d6f45a6b19cbcb0294ba9");
  EXPECT_FALSE(quic_client_keys(7, kDestination));
}

TEST(Quic, ClientInitialOfRfc9001) {
  const Bytes packet = seal(kQuicVersion1, crypto(0, kHello), 2, kDestination);
  ASSERT_EQ(packet.size(), 1'200U);
  // Protected header, sample and tag as appendix A.2 prints them.
  EXPECT_EQ(to_hex(ByteView(packet).first(22)), "c000000001088394c8f03e5157080000449e7b9aec34");
  EXPECT_EQ(to_hex(ByteView(packet).subspan(22, 16)), "d1b1c98dd7689fb8ec11d242b123dc9b");
  EXPECT_EQ(to_hex(ByteView(packet).last(16)), "e221af44860018ab0856972e194cd934");
  QuicReader reader;
  EXPECT_TRUE(reader.feed(packet));
  ASSERT_TRUE(reader.hello());
  EXPECT_EQ(reader.hello()->server_name, "example.com");
  EXPECT_EQ(reader.hello()->alpn, std::vector<std::string>{"alpn"});
  EXPECT_EQ(ja4_of(*reader.hello(), 'q').substr(0, 10), "q13d0211an");
  EXPECT_EQ(reader.version(), kQuicVersion1);
}

TEST(Quic, HelloOverPacketsInAnyOrder) {
  for (const std::uint32_t version : {kQuicVersion1, kQuicVersion2}) {
    const ByteView hello(kHello);
    QuicReader reader;
    Bytes frames = crypto(150, hello.subspan(150));
    const Bytes middle = crypto(60, hello.subspan(60, 100));
    frames.insert(frames.end(), {0, 0, 1, 2, 5, 0, 0, 0});  // padding, ping, acknowledgement
    EXPECT_TRUE(reader.feed(seal(version, frames, 1, kDestination)));
    Bytes both = seal(version, middle, 2, kDestination, 200);
    const Bytes first = seal(version, crypto(0, hello.first(70)), 3, kDestination, 300);
    both.insert(both.end(), first.begin(), first.end());  // two packets in one datagram
    EXPECT_FALSE(reader.hello());
    EXPECT_TRUE(reader.feed(both));
    ASSERT_TRUE(reader.hello());
    EXPECT_EQ(reader.hello()->server_name, "example.com");
  }
}

TEST(Quic, WhatDoesNotOpenIsCounted) {
  Bytes packet = seal(kQuicVersion1, crypto(0, kHello), 2, kDestination);
  packet[100] ^= 1;
  QuicReader reader;
  reader.feed(packet);
  EXPECT_EQ(reader.skipped(), 1U);
  EXPECT_FALSE(reader.hello());
  for (std::size_t size = 0; size < 100; ++size) {
    QuicReader cut;
    EXPECT_FALSE(cut.feed(ByteView(packet).first(size))) << size;
  }
}

TEST(Quic, HandshakeThatIsNoHello) {
  Bytes frames = crypto(0, Bytes{1, 0, 0, 4, 9, 9, 9, 9, 0, 0, 0, 0});
  const Bytes more = crypto(2, Bytes{7});
  frames.insert(frames.end(), more.begin(), more.end());
  QuicReader reader;
  reader.feed(seal(kQuicVersion1, frames, 1, kDestination));
  EXPECT_TRUE(reader.done());
  EXPECT_FALSE(reader.hello());
  EXPECT_EQ(reader.skipped(), 1U);
}

TEST(Quic, GivesUp) {
  QuicReader reader;
  for (std::uint32_t i = 0; i < kQuicDatagramsMax; ++i) EXPECT_FALSE(reader.feed(as_bytes("no QUIC at all")));
  EXPECT_TRUE(reader.done());
}

}  // namespace
}  // namespace davy::network

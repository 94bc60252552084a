#include "network/tls/tls_hello.h"

#include <algorithm>

#include "base/hash.h"
#include "network/byte_cursor.h"
#include "network/unwrap/text.h"

namespace davy::network {
namespace {

constexpr std::uint16_t kServerName = 0, kGroups = 10, kPointFormats = 11, kSignatureAlgorithms = 13, kAlpn = 16,
                        kSupportedVersions = 43;
constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kAlpnMax = 16;
constexpr std::size_t kHashDigits = 12;  // of SHA-256, in JA4
constexpr int kCountMax = 99;
constexpr std::uint8_t kRetryRandom[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                         0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                         0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};  // RFC 8446 4.1.3

bool is_grease(std::uint16_t value) { return (value & 0x0f0fU) == 0x0a0a && value >> 8U == (value & 0xffU); }

std::vector<std::uint16_t> numbers(ByteView bytes) {
  std::vector<std::uint16_t> out;
  ByteCursor cursor(bytes);
  while (cursor.rest().size() >= 2 && out.size() < kHelloListMax)
    if (const std::uint16_t value = cursor.u16(); !is_grease(value)) out.push_back(value);
  return out;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return text;
}

void read_server_name(ByteView body, ClientHello& hello) {
  ByteCursor names(ByteCursor(body).vector(2));
  while (names.more()) {
    const std::uint8_t kind = names.u8();
    const ByteView name = names.vector(2);
    if (kind == 0 && names.good() && hello.server_name.empty()) hello.server_name = lower(bounded(as_text(name)));
  }
}

void read_alpn(ByteView body, ClientHello& hello) {
  ByteCursor names(ByteCursor(body).vector(2));
  while (names.more() && hello.alpn.size() < kAlpnMax) {
    const ByteView name = names.vector(1);
    if (names.good() && !name.empty()) hello.alpn.emplace_back(as_text(name));
  }
}

void read_extension(std::uint16_t type, ByteView body, ClientHello& hello) {
  ByteCursor cursor(body);
  if (type == kServerName) read_server_name(body, hello);
  else if (type == kAlpn) read_alpn(body, hello);
  else if (type == kGroups) hello.groups = numbers(cursor.vector(2));
  else if (type == kSignatureAlgorithms) hello.signature_algorithms = numbers(cursor.vector(2));
  else if (type == kPointFormats) {
    const ByteView formats = cursor.vector(1);
    hello.point_formats.assign(formats.begin(), formats.end());
  } else if (type == kSupportedVersions) {
    for (const std::uint16_t version : numbers(cursor.vector(1))) hello.version = std::max(hello.version, version);
  }
}

std::string joined(const auto& values) {
  std::string out;
  for (const auto value : values) out.append(out.empty() ? "" : "-").append(std::to_string(value));
  return out;
}

std::string hex_list(const std::vector<std::uint16_t>& values) {
  std::string out;
  for (const std::uint16_t value : values) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
    out.append(out.empty() ? "" : ",").append(to_hex(bytes));
  }
  return out;
}

std::string short_hash(const std::string& list) {
  return list.empty() ? std::string(kHashDigits, '0') : to_hex(sha256(as_bytes(list))).substr(0, kHashDigits);
}

std::string_view version_name(std::uint16_t version) {
  switch (version) {
    case 0x0304: return "13";
    case 0x0303: return "12";
    case 0x0302: return "11";
    case 0x0301: return "10";
    case 0x0300: return "s3";
    case 0x0002: return "s2";
    default: return "00";
  }
}

std::string count_text(std::size_t count) {
  const int shown = static_cast<int>(std::min<std::size_t>(count, kCountMax));
  return {static_cast<char>('0' + shown / 10), static_cast<char>('0' + shown % 10)};
}

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// First and last character of the first name; of its hexadecimal form when they are no letters or digits.
std::string alpn_mark(const std::vector<std::string>& alpn) {
  if (alpn.empty()) return "00";
  std::string name = alpn.front();
  if (!is_alphanumeric(name.front()) || !is_alphanumeric(name.back())) name = to_hex(as_bytes(name));
  return {name.front(), name.back()};
}

}  // namespace

std::optional<ClientHello> parse_client_hello(ByteView body) {
  ClientHello hello;
  ByteCursor cursor(body);
  hello.legacy_version = cursor.u16();
  cursor.take(kRandomBytes);
  cursor.vector(1);  // session
  hello.ciphers = numbers(cursor.vector(2));
  cursor.vector(1);  // compression
  if (!cursor.good() || hello.legacy_version >> 8U != 3 || hello.ciphers.empty()) return std::nullopt;
  if (!cursor.more()) {  // older than extensions
    hello.version = hello.legacy_version;
    return hello;
  }
  ByteCursor extensions(cursor.vector(2));
  while (extensions.more()) {
    const std::uint16_t type = extensions.u16();
    const ByteView content = extensions.vector(2);
    if (!extensions.good()) return std::nullopt;
    if (is_grease(type) || hello.extensions.size() == kHelloListMax) continue;
    hello.extensions.push_back(type);
    read_extension(type, content, hello);
  }
  if (!cursor.good()) return std::nullopt;
  if (hello.version == 0) hello.version = hello.legacy_version;
  return hello;
}

std::string ja3_of(const ClientHello& hello) {
  std::string text = std::to_string(hello.legacy_version);
  text += ',' + joined(hello.ciphers) + ',' + joined(hello.extensions) + ',' + joined(hello.groups) + ',';
  return to_hex(md5(as_bytes(text + joined(hello.point_formats))));
}

std::string ja4_of(const ClientHello& hello, char transport) {
  std::string out(1, transport);
  out += version_name(hello.version);
  out += std::ranges::find(hello.extensions, kServerName) != hello.extensions.end() ? 'd' : 'i';
  out += count_text(hello.ciphers.size()) + count_text(hello.extensions.size()) + alpn_mark(hello.alpn);
  auto ciphers = hello.ciphers;
  std::ranges::sort(ciphers);
  auto extensions = hello.extensions;
  std::erase_if(extensions, [](std::uint16_t type) { return type == kServerName || type == kAlpn; });
  std::ranges::sort(extensions);
  std::string list = hex_list(extensions);
  if (!list.empty() && !hello.signature_algorithms.empty()) list += '_' + hex_list(hello.signature_algorithms);
  return out + '_' + short_hash(hex_list(ciphers)) + '_' + short_hash(list);
}

std::optional<ServerHello> parse_server_hello(ByteView body) {
  ServerHello hello;
  ByteCursor cursor(body);
  hello.version = cursor.u16();
  hello.retry = std::ranges::equal(cursor.take(kRandomBytes), kRetryRandom);
  cursor.vector(1);  // session
  hello.cipher = cursor.u16();
  cursor.u8();  // compression
  if (!cursor.good() || hello.version >> 8U != 3) return std::nullopt;
  if (!cursor.more()) return hello;
  ByteCursor extensions(cursor.vector(2));
  while (extensions.more()) {
    const std::uint16_t type = extensions.u16();
    const ByteView content = extensions.vector(2);
    if (type == kSupportedVersions) hello.version = read_u16_be(content, 0).value_or(hello.version);
  }
  return hello;
}

}  // namespace davy::network

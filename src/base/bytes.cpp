#include "base/bytes.h"

#include <cmath>

namespace davy {
namespace {

template <class Unsigned>
std::optional<Unsigned> read_le(ByteView bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Unsigned)) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(Unsigned); i-- > 0;) value = value << 8 | bytes[offset + i];
  return static_cast<Unsigned>(value);
}

template <class Unsigned>
std::optional<Unsigned> read_be(ByteView bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Unsigned)) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) value = value << 8 | bytes[offset + i];
  return static_cast<Unsigned>(value);
}

template <class Unsigned>
void append_le(Bytes& out, Unsigned value) {
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ByteView as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::optional<std::uint16_t> read_u16_le(ByteView b, std::size_t at) { return read_le<std::uint16_t>(b, at); }
std::optional<std::uint32_t> read_u32_le(ByteView b, std::size_t at) { return read_le<std::uint32_t>(b, at); }
std::optional<std::uint64_t> read_u64_le(ByteView b, std::size_t at) { return read_le<std::uint64_t>(b, at); }
std::optional<std::uint16_t> read_u16_be(ByteView b, std::size_t at) { return read_be<std::uint16_t>(b, at); }
std::optional<std::uint32_t> read_u32_be(ByteView b, std::size_t at) { return read_be<std::uint32_t>(b, at); }

void append_u32_le(Bytes& out, std::uint32_t value) { append_le(out, value); }
void append_u64_le(Bytes& out, std::uint64_t value) { append_le(out, value); }

std::string to_hex(ByteView bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(ErrorCode::malformed, "hexadecimal text of odd length");
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return fail(ErrorCode::malformed, "not a hexadecimal digit");
    out.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return out;
}

std::string to_base32(ByteView bytes) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    buffer = (buffer << 8 | byte) & 0xffffU;
    bits += 8;
    for (; bits >= 5; bits -= 5) out.push_back(kAlphabet[buffer >> (bits - 5) & 31U]);
  }
  if (bits > 0) out.push_back(kAlphabet[buffer << (5 - bits) & 31U]);
  return out;
}

double entropy_bits_per_byte(ByteView bytes) {
  if (bytes.empty()) return 0.0;
  std::array<std::size_t, 256> counts{};
  for (const std::uint8_t byte : bytes) ++counts[byte];
  double bits = 0.0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(bytes.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

}  // namespace davy

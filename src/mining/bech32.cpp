#include "mining/bech32.h"

#include <array>

namespace davy::mining {
namespace {

constexpr std::string_view kCharacters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t kChecksumCharacters = 6;
constexpr std::uint32_t kConstant = 1;
constexpr std::uint32_t kModifiedConstant = 0x2bc830a3;
constexpr unsigned kVersionMax = 16;

// One step of the division by the BCH code's generator polynomial (BIP-173).
std::uint32_t step(std::uint32_t remainder, std::uint8_t value) {
  constexpr std::array<std::uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  const std::uint32_t top = remainder >> 25U;
  remainder = (remainder & 0x1ffffffU) << 5U ^ value;
  for (std::size_t i = 0; i < kGenerator.size(); ++i)
    if ((top >> i & 1U) != 0) remainder ^= kGenerator[i];
  return remainder;
}

std::uint32_t remainder_of(std::string_view prefix, ByteView values) {
  std::uint32_t remainder = 1;
  for (const char c : prefix) remainder = step(remainder, static_cast<std::uint8_t>(c) >> 5U);
  remainder = step(remainder, 0);
  for (const char c : prefix) remainder = step(remainder, static_cast<std::uint8_t>(c) & 31U);
  for (const std::uint8_t value : values) remainder = step(remainder, value);
  return remainder;
}

std::optional<std::string> in_one_case(std::string_view text) {
  bool lower = false;
  bool upper = false;
  std::string out;
  for (char c : text) {
    if (c < 33 || c > 126) return std::nullopt;
    lower = lower || (c >= 'a' && c <= 'z');
    if (c >= 'A' && c <= 'Z') upper = true, c = static_cast<char>(c | 0x20);
    out.push_back(c);
  }
  if (lower && upper) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Bytes> base32_values(std::string_view text, std::string_view alphabet) {
  const auto lower = in_one_case(text);
  if (!lower) return std::nullopt;
  Bytes values;
  values.reserve(lower->size());
  for (const char c : *lower) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    values.push_back(static_cast<std::uint8_t>(value));
  }
  return values;
}

std::optional<Bytes> regroup_to_bytes(ByteView values) {
  Bytes out;
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const std::uint8_t value : values) {
    pending = (pending << 5U | value) & 0xfffU;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(pending >> bits));
  }
  if (bits >= 5 || (pending & ((1U << bits) - 1U)) != 0) return std::nullopt;
  return out;
}

std::optional<Bech32> decode_bech32(std::string_view text, std::size_t characters_max) {
  if (text.size() > characters_max) return std::nullopt;
  const auto lower = in_one_case(text);
  if (!lower) return std::nullopt;
  const std::size_t separator = lower->rfind('1');
  if (separator == std::string::npos || separator == 0 || separator + 1 + kChecksumCharacters > lower->size())
    return std::nullopt;
  auto values = base32_values(std::string_view(*lower).substr(separator + 1), kCharacters);
  if (!values) return std::nullopt;
  Bech32 out{lower->substr(0, separator), std::move(*values), false};
  const std::uint32_t remainder = remainder_of(out.prefix, out.values);
  if (remainder != kConstant && remainder != kModifiedConstant) return std::nullopt;
  out.modified = remainder == kModifiedConstant;
  out.values.resize(out.values.size() - kChecksumCharacters);
  return out;
}

std::optional<SegwitAddress> decode_segwit(std::string_view prefix, std::string_view text) {
  const auto decoded = decode_bech32(text);
  if (!decoded || decoded->prefix != prefix || decoded->values.empty()) return std::nullopt;
  SegwitAddress out;
  out.version = decoded->values[0];
  auto program = regroup_to_bytes(ByteView(decoded->values).subspan(1));
  if (!program || out.version > kVersionMax || program->size() < 2 || program->size() > 40) return std::nullopt;
  if (decoded->modified != (out.version != 0)) return std::nullopt;
  if (out.version == 0 && program->size() != 20 && program->size() != 32) return std::nullopt;
  out.program = std::move(*program);
  return out;
}

}  // namespace davy::mining

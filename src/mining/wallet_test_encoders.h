// For tests only: addresses made from payloads, apart from the code that reads them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/hash.h"
#include "mining/base58.h"
#include "mining/keccak.h"

namespace davy::mining::test {

inline constexpr std::string_view kBech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
inline constexpr std::string_view kConfluxLetters = "abcdefghjkmnprstuvwxyz0123456789";

inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline std::string base58(const Bytes& bytes) {
  constexpr std::string_view kLetters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  Bytes digits;  // of 58, least significant first
  for (const std::uint8_t byte : bytes) {
    unsigned carry = byte;
    for (std::uint8_t& digit : digits) {
      carry += digit * 256U;
      digit = static_cast<std::uint8_t>(carry % 58);
      carry /= 58;
    }
    for (; carry > 0; carry /= 58) digits.push_back(static_cast<std::uint8_t>(carry % 58));
  }
  std::string out;
  for (std::size_t i = 0; i < bytes.size() && bytes[i] == 0; ++i) out.push_back('1');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) out.push_back(kLetters[*digit]);
  return out;
}

inline std::string base58check(const Bytes& payload) {
  const Sha256Digest digest = sha256(sha256(payload));
  return base58(payload + Bytes(digest.begin(), digest.begin() + 4));
}

inline std::string cryptonote(const Bytes& body) {
  const auto digest = keccak256(body);
  return encode_monero_base58(body + Bytes(digest.begin(), digest.begin() + 4));
}

inline Bytes varint(std::uint64_t value) {
  Bytes out;
  for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<std::uint8_t>(value | 0x80U));
  out.push_back(static_cast<std::uint8_t>(value));
  return out;
}

inline Bytes to_five_bits(const Bytes& bytes) {
  Bytes out;
  const std::size_t groups = (8 * bytes.size() + 4) / 5;
  for (std::size_t group = 0; group < groups; ++group) {
    unsigned value = 0;
    for (std::size_t bit = 5 * group; bit < 5 * group + 5; ++bit)
      value = value << 1U | (bit / 8 < bytes.size() ? bytes[bit / 8] >> (7 - bit % 8) & 1U : 0U);
    out.push_back(static_cast<std::uint8_t>(value));
  }
  return out;
}

// The remainder of the values divided by the code's generator, whose top coefficients are given for one bit each.
inline std::uint64_t divide(const Bytes& values, const std::array<std::uint64_t, 5>& generator, unsigned top_bit) {
  std::uint64_t remainder = 1;
  for (const std::uint8_t value : values) {
    const std::uint64_t top = remainder >> top_bit;
    remainder = (remainder & ((std::uint64_t{1} << top_bit) - 1)) << 5U ^ value;
    for (std::size_t i = 0; i < 5; ++i)
      if ((top >> i & 1U) != 0) remainder ^= generator[i];
  }
  return remainder;
}

inline std::string spelled(const Bytes& values, std::string_view letters) {
  std::string out;
  for (const std::uint8_t value : values) out.push_back(letters[value]);
  return out;
}

inline Bytes checksum_values(std::uint64_t checksum, unsigned count) {
  Bytes out;
  for (unsigned i = count; i-- > 0;) out.push_back(static_cast<std::uint8_t>(checksum >> (5 * i) & 31U));
  return out;
}

// `values` of 5 bits behind the prefix; constant 1 or Bech32m's.
inline std::string bech32(const std::string& prefix, const Bytes& values, bool modified) {
  Bytes all;
  for (const char c : prefix) all.push_back(static_cast<std::uint8_t>(c >> 5));
  all.push_back(0);
  for (const char c : prefix) all.push_back(static_cast<std::uint8_t>(c & 31));
  const std::uint64_t remainder =
      divide(all + values + Bytes(6, 0), {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}, 25);
  const Bytes checksum = checksum_values(remainder ^ (modified ? 0x2bc830a3U : 1U), 6);
  return prefix + "1" + spelled(values + checksum, kBech32Letters);
}

// Without the prefix and the colon.
inline std::string cashaddr_body(const std::string& prefix, const Bytes& bytes, std::string_view letters) {
  Bytes all;
  for (const char c : prefix) all.push_back(static_cast<std::uint8_t>(c & 31));
  all.push_back(0);
  const Bytes values = to_five_bits(bytes);
  const std::uint64_t remainder =
      divide(all + values + Bytes(8, 0), {0x98f2bc8e61, 0x79b76d99e2, 0xf33e5fb3c4, 0xae2eabe2a8, 0x1e4f43e470}, 35);
  return spelled(values + checksum_values(remainder ^ 1U, 8), letters);
}

inline std::string nimiq(const Bytes& bytes) {
  const std::string body = spelled(to_five_bits(bytes), "0123456789ABCDEFGHJKLMNPQRSTUVXY");
  std::string digits;
  for (const char c : body + "NQ00") digits += c <= '9' ? std::string(1, c) : std::to_string(c - 'A' + 10);
  unsigned remainder = 0;
  for (const char c : digits) remainder = (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
  const std::string check = std::to_string(98 - remainder);
  return "NQ" + (check.size() < 2 ? "0" + check : check) + body;
}

}  // namespace davy::mining::test

#include "mining/cashaddr.h"

#include <array>

#include "mining/bech32.h"

namespace davy::mining {
namespace {

constexpr std::size_t kChecksumCharacters = 8;

// One step of the division by the BCH code's generator polynomial.
std::uint64_t step(std::uint64_t remainder, std::uint8_t value) {
  constexpr std::array<std::uint64_t, 5> kGenerator = {0x98f2bc8e61, 0x79b76d99e2, 0xf33e5fb3c4, 0xae2eabe2a8,
                                                       0x1e4f43e470};
  const std::uint64_t top = remainder >> 35U;
  remainder = (remainder & 0x7ffffffffU) << 5U ^ value;
  for (std::size_t i = 0; i < kGenerator.size(); ++i)
    if ((top >> i & 1U) != 0) remainder ^= kGenerator[i];
  return remainder;
}

std::uint64_t remainder_of(std::string_view prefix, ByteView values) {
  std::uint64_t remainder = 1;
  for (const char c : prefix) remainder = step(remainder, static_cast<std::uint8_t>(c) & 31U);
  remainder = step(remainder, 0);
  for (const std::uint8_t value : values) remainder = step(remainder, value);
  return remainder;
}

}  // namespace

std::optional<Bytes> decode_cashaddr(std::string_view prefix, std::string_view body, std::string_view alphabet) {
  if (body.size() <= kChecksumCharacters || body.size() > kCashaddrCharactersMax) return std::nullopt;
  const auto values = base32_values(body, alphabet);
  if (!values || remainder_of(prefix, *values) != 1) return std::nullopt;
  return regroup_to_bytes(ByteView(*values).first(values->size() - kChecksumCharacters));
}

}  // namespace davy::mining

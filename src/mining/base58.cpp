#include "mining/base58.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "base/hash.h"

namespace davy::mining {
namespace {

constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::uint8_t kNoDigit = 0xff;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kBlockBytes = 8;
constexpr std::size_t kBlockCharacters = 11;

// Characters that a block of so many bytes takes.
constexpr std::array<std::size_t, kBlockBytes + 1> kCharactersOf = {0, 2, 3, 5, 6, 7, 9, 10, 11};

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    digits[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return digits;
}
constexpr std::array<std::uint8_t, 256> kDigits = make_digits();

std::uint8_t digit_of(char character) { return kDigits[static_cast<std::uint8_t>(character)]; }

// Digits that are multiplied in at once: 58^5 is below 2^32.
constexpr std::size_t kDigitsAtOnce = 5;
constexpr unsigned kLimbBits = 32;

// number = number * scale + value, least significant limb first.
void append_digits(std::vector<std::uint32_t>& number, std::uint32_t scale, std::uint32_t value) {
  std::uint64_t carry = value;
  for (std::uint32_t& limb : number) {
    carry += static_cast<std::uint64_t>(limb) * scale;
    limb = static_cast<std::uint32_t>(carry);
    carry >>= kLimbBits;
  }
  if (carry != 0) number.push_back(static_cast<std::uint32_t>(carry));
}

// Most significant byte first, without leading zeros, behind so many zeros.
Bytes bytes_of(const std::vector<std::uint32_t>& number, std::size_t zeros) {
  Bytes bytes;
  bytes.reserve(zeros + 4 * number.size());
  for (const std::uint32_t limb : number)
    for (unsigned shift = 0; shift < kLimbBits; shift += 8) bytes.push_back(static_cast<std::uint8_t>(limb >> shift));
  while (!bytes.empty() && bytes.back() == 0) bytes.pop_back();
  bytes.insert(bytes.end(), zeros, 0);
  std::ranges::reverse(bytes);
  return bytes;
}

bool decode_block(std::string_view block, Bytes& out) {
  const auto* const found = std::ranges::find(kCharactersOf, block.size());
  if (found == kCharactersOf.end()) return false;
  const auto bytes = static_cast<std::size_t>(found - kCharactersOf.begin());
  std::uint64_t value = 0;
  for (const char character : block) {
    const std::uint8_t digit = digit_of(character);
    if (digit == kNoDigit || value > (std::numeric_limits<std::uint64_t>::max() - digit) / 58) return false;
    value = value * 58 + digit;
  }
  if (bytes < kBlockBytes && (value >> (8 * bytes)) != 0) return false;
  for (std::size_t i = bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return true;
}

}  // namespace

std::optional<Bytes> decode_base58(std::string_view text) {
  if (text.empty() || text.size() > kBase58CharactersMax) return std::nullopt;
  if (std::ranges::any_of(text, [](char c) { return digit_of(c) == kNoDigit; })) return std::nullopt;
  std::vector<std::uint32_t> number;
  number.reserve(text.size() / kDigitsAtOnce + 1);
  for (std::size_t at = 0; at < text.size(); at += kDigitsAtOnce) {
    std::uint32_t scale = 1;
    std::uint32_t value = 0;
    for (const char character : text.substr(at, kDigitsAtOnce)) {
      scale *= 58;
      value = value * 58 + digit_of(character);
    }
    append_digits(number, scale, value);
  }
  return bytes_of(number, std::min(text.find_first_not_of('1'), text.size()));
}

std::optional<Bytes> decode_base58check(std::string_view text) {
  auto bytes = decode_base58(text);
  if (!bytes || bytes->size() < kChecksumBytes) return std::nullopt;
  const ByteView payload = ByteView(*bytes).first(bytes->size() - kChecksumBytes);
  const Sha256Digest digest = sha256(sha256(payload));
  if (!std::equal(digest.begin(), digest.begin() + kChecksumBytes, bytes->end() - kChecksumBytes)) return std::nullopt;
  bytes->resize(payload.size());
  return bytes;
}

std::optional<Bytes> decode_monero_base58(std::string_view text) {
  if (text.empty() || text.size() > kBase58CharactersMax) return std::nullopt;
  Bytes out;
  for (std::size_t at = 0; at < text.size(); at += kBlockCharacters)
    if (!decode_block(text.substr(at, kBlockCharacters), out)) return std::nullopt;
  return out;
}

std::string encode_monero_base58(ByteView bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += kBlockBytes) {
    const ByteView block = bytes.subspan(at, std::min(kBlockBytes, bytes.size() - at));
    std::uint64_t value = 0;
    for (const std::uint8_t byte : block) value = value << 8U | byte;
    const std::size_t begin = out.size();
    out.resize(begin + kCharactersOf[block.size()]);
    for (std::size_t i = out.size(); i-- > begin; value /= 58) out[i] = kAlphabet[value % 58];
  }
  return out;
}

}  // namespace davy::mining

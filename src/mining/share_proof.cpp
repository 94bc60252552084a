#include "mining/share_proof.h"

#include <cmath>

#include "base/bytes.h"
#include "mining/number256.h"

namespace davy::mining {
namespace {

constexpr std::size_t kShortTargetDigits = 8;
constexpr std::size_t kLongTargetDigits = 16;
constexpr std::size_t kHashBytes = 32;

// A CryptoNote target is compared with as many of the hash's most significant bits.
struct CryptoNoteTarget {
  std::uint64_t value = 0;
  std::size_t bytes = 0;

  double difficulty() const { return std::ldexp(1.0, static_cast<int>(8 * bytes)) / static_cast<double>(value); }
};

// Little endian, of four or eight bytes; the bytes behind it do not matter.
std::uint64_t number_of(ByteView bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8U | bytes[i];
  return value;
}

std::optional<CryptoNoteTarget> parse_cryptonote_target(std::string_view text) {
  if (text.size() != kShortTargetDigits && text.size() != kLongTargetDigits) return std::nullopt;
  const auto bytes = from_hex(text);
  if (!bytes) return std::nullopt;
  const CryptoNoteTarget target{number_of(*bytes, bytes->size()), bytes->size()};
  if (target.value == 0) return std::nullopt;
  return target;
}

}  // namespace

std::optional<ShareProof> prove_cryptonote_share(std::string_view target, std::string_view result) {
  const auto wanted = parse_cryptonote_target(target);
  if (!wanted || result.size() != 2 * kHashBytes) return std::nullopt;
  const auto hash = from_hex(result);
  if (!hash) return std::nullopt;
  const std::uint64_t top = number_of(ByteView(*hash).last(wanted->bytes), wanted->bytes);
  return ShareProof{top <= wanted->value, std::log2(wanted->difficulty()), false};
}

std::optional<double> cryptonote_difficulty(std::string_view target) {
  const auto wanted = parse_cryptonote_target(target);
  if (!wanted) return std::nullopt;
  return wanted->difficulty();
}

std::optional<double> target_bits(std::string_view target) {
  const auto number = parse_number256(target);
  if (!number || *number == Number256{}) return std::nullopt;
  return bits_of_target(*number);
}

}  // namespace davy::mining

#include "mining/keccak.h"
#include "mining/wallet_families.h"

namespace davy::mining {
namespace {

constexpr std::size_t kCharacters = 42;

}  // namespace

// EIP-55: a letter is a capital exactly when the same digit of the hash of the lower-case text is 8 or more.
std::optional<Wallet> parse_ethereum_wallet(std::string_view text) {
  if (text.size() != kCharacters || !text.starts_with("0x")) return std::nullopt;
  std::string lower;
  bool has_lower = false;
  bool has_upper = false;
  for (const char c : text.substr(2)) {
    const bool capital = c >= 'A' && c <= 'F';
    has_upper = has_upper || capital;
    has_lower = has_lower || (c >= 'a' && c <= 'f');
    if (!capital && !(c >= 'a' && c <= 'f') && !(c >= '0' && c <= '9')) return std::nullopt;
    lower.push_back(capital ? static_cast<char>(c | 0x20) : c);
  }
  if (!has_lower || !has_upper) return std::nullopt;
  const auto digest = keccak256(as_bytes(lower));
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const unsigned nibble = i % 2 == 0 ? digest[i / 2] >> 4U : digest[i / 2] & 15U;
    const bool capital = text[i + 2] != lower[i];
    if (lower[i] >= 'a' && capital != (nibble >= 8)) return std::nullopt;
  }
  return Wallet{"ethereum", "eip55", std::string(text)};
}

}  // namespace davy::mining

#include "mining/wallet_families.h"

namespace davy::mining {
namespace {

constexpr std::string_view kCountry = "NQ";
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRSTUVXY";
constexpr std::size_t kCharacters = 36;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kGrouped = kCharacters + kCharacters / kGroup - 1;
constexpr std::size_t kCheckAt = 2;
constexpr std::size_t kBodyAt = 4;
constexpr unsigned kModulus = 97;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Without the spaces that stand between groups; empty when they stand elsewhere.
std::string ungrouped(std::string_view text) {
  if (text.size() == kCharacters) return std::string(text);
  std::string out;
  if (text.size() != kGrouped) return out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between = i % (kGroup + 1) == kGroup;
    if (between != (text[i] == ' ')) return {};
    if (!between) out.push_back(text[i]);
  }
  return out;
}

// As bank accounts are checked (ISO 7064): letters count 10 to 35, the country and the check digits stand last.
unsigned remainder_of(std::string_view text) {
  unsigned remainder = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[(i + kBodyAt) % text.size()];
    remainder = is_digit(c) ? remainder * 10 + static_cast<unsigned>(c - '0')
                            : remainder * 100 + static_cast<unsigned>(c - 'A') + 10;
    remainder %= kModulus;
  }
  return remainder;
}

}  // namespace

std::optional<Wallet> parse_nimiq_wallet(std::string_view text) {
  if (!text.starts_with(kCountry)) return std::nullopt;
  const std::string bare = ungrouped(text);
  if (bare.size() != kCharacters || !is_digit(bare[kCheckAt]) || !is_digit(bare[kCheckAt + 1])) return std::nullopt;
  if (bare.find_first_not_of(kAlphabet, kBodyAt) != std::string::npos || remainder_of(bare) != 1) return std::nullopt;
  return Wallet{"nimiq", "account", std::string(text)};
}

}  // namespace davy::mining

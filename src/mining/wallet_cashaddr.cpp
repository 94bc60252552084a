#include <algorithm>
#include <array>

#include "mining/cashaddr.h"
#include "mining/wallet_families.h"

namespace davy::mining {
namespace {

constexpr std::string_view kBitcoinCash = "bitcoincash";
constexpr std::size_t kBitcoinCashCharacters = 42;  // without the prefix
constexpr std::size_t kHashBytes = 20;
constexpr std::uint8_t kPublicKeyHash = 0x00;
constexpr std::uint8_t kScriptHash = 0x08;
constexpr std::size_t kAnySize = 0;

// What the version byte, which stands first, says of the rest. Sources: the cashaddr specification; rusty-kaspa
// crypto/addresses; Conflux CIP-37; Nexa's node (src/dstencode.cpp), whose script templates have any size.
struct Form {
  std::string_view prefix;
  std::string_view coin;
  std::string_view kind;
  std::uint8_t version;
  std::size_t bytes;
};
constexpr std::array<Form, 10> kForms = {{{kBitcoinCash, "bitcoincash", "p2pkh", kPublicKeyHash, kHashBytes},
                                          {kBitcoinCash, "bitcoincash", "p2sh", kScriptHash, kHashBytes},
                                          {"ecash", "ecash", "p2pkh", kPublicKeyHash, kHashBytes},
                                          {"ecash", "ecash", "p2sh", kScriptHash, kHashBytes},
                                          {"kaspa", "kaspa", "schnorr", 0x00, 32},
                                          {"kaspa", "kaspa", "ecdsa", 0x01, 33},
                                          {"kaspa", "kaspa", "p2sh", 0x08, 32},
                                          {"cfx", "conflux", "account", 0x00, kHashBytes},
                                          {"nexa", "nexa", "p2pkh", kPublicKeyHash, kHashBytes},
                                          {"nexa", "nexa", "template", 0x98, kAnySize}}};

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

bool has_lower(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

std::optional<Wallet> parse_body(std::string_view prefix, std::string_view body, std::string_view text) {
  const auto bytes = decode_cashaddr(prefix, body, prefix == "cfx" ? kConfluxAlphabet : kCashaddrAlphabet);
  if (!bytes) return std::nullopt;
  for (const Form& form : kForms)
    if (form.prefix == prefix && (*bytes)[0] == form.version &&
        (form.bytes == kAnySize || bytes->size() == 1 + form.bytes))
      return Wallet{std::string(form.coin), std::string(form.kind), std::string(text)};
  return std::nullopt;
}

bool begins_like_bitcoin_cash(char c) { return c == 'q' || c == 'p' || c == 'Q' || c == 'P'; }

}  // namespace

std::optional<Wallet> parse_cashaddr_wallet(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    if (text.size() != kBitcoinCashCharacters || !begins_like_bitcoin_cash(text[0])) return std::nullopt;
    return parse_body(kBitcoinCash, text, text);
  }
  const std::string prefix = lower_case(text.substr(0, colon));
  if (std::ranges::find(kForms, prefix, &Form::prefix) == kForms.end()) return std::nullopt;
  if (has_lower(text) && lower_case(text) != text) return std::nullopt;
  return parse_body(prefix, text.substr(colon + 1), text);
}

}  // namespace davy::mining

#include <algorithm>
#include <array>

#include "mining/bech32.h"
#include "mining/wallet_families.h"

namespace davy::mining {
namespace {

constexpr std::size_t kUnifiedCharactersMax = 256;  // three receivers need 213
constexpr std::size_t kUnifiedBytesMin = 48;        // ZIP 316
constexpr std::size_t kTaprootBytes = 32;
constexpr char kSeparator = '1';

// Forms that are a prefix and so many bytes. Sources: ZIP 173 (Sapling), Chia's chia/util/bech32m.py, Grin RFC 0015
// (slatepack), Dero's rpc/address.go (a version byte and a compressed public key).
struct Form {
  std::string_view prefix;
  std::string_view coin;
  std::string_view kind;
  std::size_t bytes;
  bool modified;
};
constexpr std::array<Form, 4> kForms = {{{"zs", "zcash", "sapling", 43, false},
                                         {"xch", "chia", "account", 32, true},
                                         {"grin", "grin", "account", 32, false},
                                         {"dero", "dero", "account", 34, false}}};

std::optional<Wallet> parse_segwit(std::string_view prefix, std::string_view coin, std::string_view text) {
  const auto address = decode_segwit(prefix, text);
  if (!address) return std::nullopt;
  if (address->version == 0) return Wallet{std::string(coin), "segwit", std::string(text)};
  if (address->version == 1 && address->program.size() == kTaprootBytes)
    return Wallet{std::string(coin), "taproot", std::string(text)};
  return std::nullopt;
}

std::optional<Wallet> parse_form(const Form& form, std::string_view text) {
  const auto decoded = decode_bech32(text);
  if (!decoded || decoded->prefix != form.prefix || decoded->modified != form.modified) return std::nullopt;
  const auto bytes = regroup_to_bytes(decoded->values);
  if (!bytes || bytes->size() != form.bytes) return std::nullopt;
  return Wallet{std::string(form.coin), std::string(form.kind), std::string(text)};
}

std::optional<Wallet> parse_unified(std::string_view text) {
  const auto decoded = decode_bech32(text, kUnifiedCharactersMax);
  if (!decoded || decoded->prefix != "u" || !decoded->modified) return std::nullopt;
  const auto bytes = regroup_to_bytes(decoded->values);
  if (!bytes || bytes->size() < kUnifiedBytesMin) return std::nullopt;
  return Wallet{"zcash", "unified", std::string(text)};
}

// Whether the text begins with the prefix, in either case, and the separator.
bool has_prefix(std::string_view text, std::string_view prefix) {
  return text.size() > prefix.size() && text[prefix.size()] == kSeparator &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == (b | 0x20); });
}

}  // namespace

std::optional<Wallet> parse_bech32_wallet(std::string_view text) {
  if (has_prefix(text, "bc")) return parse_segwit("bc", "bitcoin", text);
  if (has_prefix(text, "ltc")) return parse_segwit("ltc", "litecoin", text);
  if (has_prefix(text, "u")) return parse_unified(text);
  const auto* const form = std::ranges::find_if(kForms, [&](const Form& f) { return has_prefix(text, f.prefix); });
  return form == kForms.end() ? std::nullopt : parse_form(*form, text);
}

}  // namespace davy::mining

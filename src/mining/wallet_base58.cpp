#include <algorithm>
#include <array>

#include "mining/base58.h"
#include "mining/blake2b.h"
#include "mining/wallet_families.h"

namespace davy::mining {
namespace {

constexpr std::size_t kHashBytes = 20;
// A version decides how a text may begin and how long it is; only Bitcoin's 0 adds nothing to the number. Looking at
// these first spares the arithmetic for nearly all that is not an address.
constexpr std::size_t kZeroCharactersMin = 26;
constexpr std::size_t kOneByteCharacters = 34;
constexpr std::size_t kTwoByteCharacters = 35;
constexpr char kZeroBegins = '1';
constexpr std::string_view kOneByteBegins = "1379ADLMRXr";
constexpr std::string_view kTwoByteBegins = "tz";

// What stands before the hash. Where coins share a version, the one that is mined most comes first and is named: 60 is
// Verus and Komodo too, 1cb8 and 1cbd are Flux too, 0 and 5 are those of Bitcoin Cash's old form and many others.
struct Version {
  std::uint16_t value;
  std::uint8_t bytes;
  std::string_view coin;
  std::string_view kind;
};
// Sources: src/kernel/chainparams.cpp or src/chainparams.cpp of each coin's node.
constexpr std::array<Version, 14> kVersions = {{{0, 1, "bitcoin", "p2pkh"},
                                                {5, 1, "bitcoin", "p2sh"},
                                                {48, 1, "litecoin", "p2pkh"},
                                                {50, 1, "litecoin", "p2sh"},
                                                {30, 1, "dogecoin", "p2pkh"},
                                                {22, 1, "dogecoin", "p2sh"},
                                                {76, 1, "dash", "p2pkh"},
                                                {16, 1, "dash", "p2sh"},
                                                {60, 1, "ravencoin", "p2pkh"},
                                                {122, 1, "ravencoin", "p2sh"},
                                                {0x1cb8, 2, "zcash", "p2pkh"},
                                                {0x1cbd, 2, "zcash", "p2sh"},
                                                {0x2089, 2, "zen", "p2pkh"},
                                                {0x2096, 2, "zen", "p2sh"}}};

// Ergo: network and kind of address, then a compressed public key (which begins with 2 or 3, and so the text with a 9)
// or the hash of a script. Addresses that hold a whole script have no length of their own and are left out.
// Source: Ergo's documentation of address types.
constexpr std::uint8_t kErgoPublicKey = 0x01;
constexpr std::uint8_t kErgoScriptHash = 0x02;
constexpr std::size_t kErgoPublicKeyBytes = 33;
constexpr std::size_t kErgoScriptHashBytes = 24;
constexpr std::size_t kErgoChecksumBytes = 4;
constexpr std::size_t kErgoPublicKeyCharacters = 51;
constexpr std::size_t kErgoScriptHashCharacters = 39;
constexpr char kErgoPublicKeyBegins = '9';
constexpr std::string_view kErgoScriptHashBegins = "678";
constexpr std::size_t kErgoDigestBytes = 32;

constexpr std::string_view kAeternityPrefix = "ak_";
constexpr std::size_t kAeternityKeyBytes = 32;
constexpr std::size_t kAeternityCharactersMax = 56;

std::optional<Wallet> parse_versioned(std::string_view text) {
  const auto payload = decode_base58check(text);
  if (!payload) return std::nullopt;
  for (const Version& version : kVersions) {
    if (payload->size() != version.bytes + kHashBytes) continue;
    const unsigned value = version.bytes == 1 ? (*payload)[0] : (*payload)[0] * 256U + (*payload)[1];
    if (value == version.value) return Wallet{std::string(version.coin), std::string(version.kind), std::string(text)};
  }
  return std::nullopt;
}

std::optional<Wallet> parse_ergo(std::string_view text) {
  const auto bytes = decode_base58(text);
  if (!bytes || bytes->size() <= 1 + kErgoChecksumBytes) return std::nullopt;
  const ByteView body = ByteView(*bytes).first(bytes->size() - kErgoChecksumBytes);
  const bool key = body[0] == kErgoPublicKey && body.size() == 1 + kErgoPublicKeyBytes;
  const bool script = body[0] == kErgoScriptHash && body.size() == 1 + kErgoScriptHashBytes;
  if (!key && !script) return std::nullopt;
  const Bytes digest = blake2b(body, kErgoDigestBytes);
  if (!std::equal(digest.begin(), digest.begin() + kErgoChecksumBytes, bytes->end() - kErgoChecksumBytes))
    return std::nullopt;
  return Wallet{"ergo", key ? "p2pk" : "p2sh", std::string(text)};
}

std::optional<Wallet> parse_aeternity(std::string_view text) {
  if (text.size() > kAeternityCharactersMax) return std::nullopt;
  const auto key = decode_base58check(text.substr(kAeternityPrefix.size()));
  if (!key || key->size() != kAeternityKeyBytes) return std::nullopt;
  return Wallet{"aeternity", "account", std::string(text)};
}

bool may_be_versioned(std::string_view text) {
  if (text.size() == kTwoByteCharacters) return kTwoByteBegins.find(text[0]) != std::string_view::npos;
  if (text.size() == kOneByteCharacters) return kOneByteBegins.find(text[0]) != std::string_view::npos;
  return text.size() >= kZeroCharactersMin && text.size() < kOneByteCharacters && text[0] == kZeroBegins;
}

bool may_be_ergo(std::string_view text) {
  if (text.size() == kErgoPublicKeyCharacters) return text[0] == kErgoPublicKeyBegins;
  return text.size() == kErgoScriptHashCharacters && kErgoScriptHashBegins.find(text[0]) != std::string_view::npos;
}

}  // namespace

std::optional<Wallet> parse_base58_wallet(std::string_view text) {
  if (text.starts_with(kAeternityPrefix)) return parse_aeternity(text);
  if (may_be_versioned(text)) return parse_versioned(text);
  if (may_be_ergo(text)) return parse_ergo(text);
  return std::nullopt;
}

}  // namespace davy::mining

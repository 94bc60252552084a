#include "mining/wallet.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "mining/base58.h"
#include "mining/bech32.h"
#include "mining/keccak.h"

namespace davy::mining {
namespace {

// Lengths in characters.
constexpr std::size_t kMoneroLength = 95;
constexpr std::size_t kMoneroIntegratedLength = 106;
constexpr std::size_t kBitcoinLengthMin = 26;
constexpr std::size_t kBitcoinLengthMax = 35;
constexpr std::size_t kEthereumLength = 42;
constexpr std::size_t kShortest = kBitcoinLengthMin;
constexpr std::size_t kLongest = kMoneroIntegratedLength;

// Network bytes: Monero, src/cryptonote_config.h; Bitcoin, src/kernel/chainparams.cpp.
constexpr std::uint8_t kMoneroStandard = 18;
constexpr std::uint8_t kMoneroIntegrated = 19;
constexpr std::uint8_t kMoneroSubaddress = 42;
constexpr std::uint8_t kBitcoinPublicKeyHash = 0;
constexpr std::uint8_t kBitcoinScriptHash = 5;
constexpr std::size_t kBitcoinPayloadBytes = 21;
constexpr std::size_t kMoneroChecksumBytes = 4;

std::optional<Wallet> wallet(std::string_view coin, std::string_view kind, std::string_view address) {
  return Wallet{std::string(coin), std::string(kind), std::string(address)};
}

std::optional<Wallet> parse_monero(std::string_view text) {
  const auto bytes = decode_monero_base58(text);
  if (!bytes) return std::nullopt;
  const ByteView body = ByteView(*bytes).first(bytes->size() - kMoneroChecksumBytes);
  const bool integrated = text.size() == kMoneroIntegratedLength;
  const std::uint8_t tag = body[0];
  if (integrated ? tag != kMoneroIntegrated : tag != kMoneroStandard && tag != kMoneroSubaddress) return std::nullopt;
  const auto digest = keccak256(body);
  if (!std::equal(digest.begin(), digest.begin() + kMoneroChecksumBytes, bytes->end() - kMoneroChecksumBytes))
    return std::nullopt;
  return wallet("monero", integrated ? "integrated" : tag == kMoneroStandard ? "standard" : "subaddress", text);
}

std::optional<Wallet> parse_bitcoin(std::string_view text) {
  const auto payload = decode_base58check(text);
  if (!payload || payload->size() != kBitcoinPayloadBytes) return std::nullopt;
  if ((*payload)[0] == kBitcoinPublicKeyHash) return wallet("bitcoin", "p2pkh", text);
  if ((*payload)[0] == kBitcoinScriptHash) return wallet("bitcoin", "p2sh", text);
  return std::nullopt;
}

std::optional<Wallet> parse_bitcoin_segwit(std::string_view text) {
  const auto address = decode_segwit("bc", text);
  if (!address) return std::nullopt;
  if (address->version == 0) return wallet("bitcoin", "segwit", text);
  if (address->version == 1 && address->program.size() == 32) return wallet("bitcoin", "taproot", text);
  return std::nullopt;
}

// EIP-55: a letter is a capital exactly when the same digit of the hash of the lower-case text is 8 or more.
std::optional<Wallet> parse_ethereum(std::string_view text) {
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
  return wallet("ethereum", "eip55", text);
}

constexpr std::array<bool, 256> make_word_bytes() {
  std::array<bool, 256> out{};
  for (std::size_t c = '0'; c <= '9'; ++c) out[c] = true;
  for (std::size_t c = 'a'; c <= 'z'; ++c) out[c] = out[c - 0x20] = true;
  return out;
}
constexpr std::array<bool, 256> kWordBytes = make_word_bytes();

bool is_word(char c) { return kWordBytes[static_cast<std::uint8_t>(c)]; }

}  // namespace

std::optional<Wallet> parse_wallet(std::string_view text) {
  if (text.size() < kShortest || text.size() > kLongest) return std::nullopt;
  if (text.size() == kMoneroLength && (text[0] == '4' || text[0] == '8')) return parse_monero(text);
  if (text.size() == kMoneroIntegratedLength) return text[0] == '4' ? parse_monero(text) : std::nullopt;
  if (text.starts_with("bc1") || text.starts_with("BC1")) return parse_bitcoin_segwit(text);
  if (text.size() == kEthereumLength && text.starts_with("0x")) return parse_ethereum(text);
  if (text.size() <= kBitcoinLengthMax && (text[0] == '1' || text[0] == '3')) return parse_bitcoin(text);
  return std::nullopt;
}

// A run of kShortest word bytes covers one of any kShortest positions in a row, so a byte that is none rules out every
// run through it, and the next one worth a look is kShortest further.
void for_each_wallet(std::string_view text, const std::function<bool(const Wallet&, std::size_t offset)>& found) {
  std::size_t floor = 0;
  for (std::size_t probe = kShortest - 1; probe < text.size(); probe = floor + kShortest - 1) {
    if (!is_word(text[probe])) {
      floor = probe + 1;
      continue;
    }
    std::size_t begin = probe;
    while (begin > floor && is_word(text[begin - 1])) --begin;
    std::size_t end = probe + 1;
    while (end < text.size() && is_word(text[end])) ++end;
    floor = end;
    const auto wallet = parse_wallet(text.substr(begin, end - begin));
    if (wallet && !found(*wallet, begin)) return;
  }
}

std::vector<Wallet> find_wallets(std::string_view text, std::size_t max) {
  std::vector<Wallet> out;
  std::unordered_set<std::string> known;
  if (max == 0) return out;
  for_each_wallet(text, [&](const Wallet& wallet, std::size_t) {
    if (known.insert(wallet.address).second) out.push_back(wallet);
    return out.size() < max;
  });
  return out;
}

}  // namespace davy::mining

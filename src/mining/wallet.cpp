#include "mining/wallet.h"

#include <array>
#include <unordered_set>

#include "mining/wallet_families.h"

namespace davy::mining {
namespace {

constexpr std::size_t kShortest = 26;       // characters
constexpr std::size_t kPrefixLongest = 11;  // "bitcoincash"

constexpr std::array kFamilies = {&parse_bech32_wallet,   &parse_ethereum_wallet, &parse_nimiq_wallet,
                                  &parse_cashaddr_wallet, &parse_base58_wallet,   &parse_cryptonote_wallet};

constexpr std::array<bool, 256> make_word_bytes() {
  std::array<bool, 256> out{};
  for (std::size_t c = '0'; c <= '9'; ++c) out[c] = true;
  for (std::size_t c = 'a'; c <= 'z'; ++c) out[c] = out[c - 0x20] = true;
  return out;
}
constexpr std::array<bool, 256> kWordBytes = make_word_bytes();

bool is_word(char c) { return kWordBytes[static_cast<std::uint8_t>(c)]; }

// Where a prefix before the run begins, as "kaspa:" or "ak_"; `begin` when there is none.
std::size_t prefix_before(std::string_view text, std::size_t begin) {
  if (begin < 2 || (text[begin - 1] != ':' && text[begin - 1] != '_')) return begin;
  std::size_t at = begin - 1;
  while (at > 0 && begin - at <= kPrefixLongest && is_word(text[at - 1])) --at;
  const bool whole = at == 0 || !is_word(text[at - 1]);
  return whole && at < begin - 1 ? at : begin;
}

struct Found {
  std::optional<Wallet> wallet;
  std::size_t begin = 0;
};

// A run of letters and digits, with its prefix or without it.
Found look_at(std::string_view text, std::size_t begin, std::size_t end) {
  if (end - begin > kWalletCharactersMax) return {};
  const std::size_t prefix = prefix_before(text, begin);
  if (prefix != begin)
    if (auto wallet = parse_wallet(text.substr(prefix, end - prefix))) return {std::move(wallet), prefix};
  return {parse_wallet(text.substr(begin, end - begin)), begin};
}

}  // namespace

std::optional<Wallet> parse_wallet(std::string_view text) {
  if (text.size() < kShortest || text.size() > kWalletCharactersMax) return std::nullopt;
  for (const auto family : kFamilies)
    if (auto wallet = family(text)) return wallet;
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
    const Found here = look_at(text, begin, end);
    if (here.wallet && !found(*here.wallet, here.begin)) return;
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

#include "mining/pool_talk.h"

#include <cmath>

#include "mining/wallet.h"

namespace davy::mining {
namespace {

constexpr std::uint64_t kHashStart = 14695981039346656037U;  // FNV-1a, 64 bits: Fowler, Noll, Vo
constexpr std::uint64_t kHashPrime = 1099511628211U;
constexpr std::size_t kShortPaymentId = 16, kLongPaymentId = 64;  // digits, Monero's

std::uint64_t hash_of(std::string_view text, std::uint64_t hash = kHashStart) {
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * kHashPrime;
  return hash;
}

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string_view without_prefix(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  return text;
}

// At most `max` bytes, not ending within a character.
std::string_view cut(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<std::uint8_t>(text[max]) & 0xc0U) == 0x80U) --max;
  return text.substr(0, max);
}

// "payment id.worker" of Monero pools: the worker.
std::string_view skip_payment_id(std::string_view worker) {
  const std::size_t dot = worker.find('.');
  if (dot != kShortPaymentId && dot != kLongPaymentId) return worker;
  return is_hex(worker.substr(0, dot), dot, dot) ? worker.substr(dot + 1) : worker;
}

// Of "coin:wallet" as well as of "wallet".
std::optional<Wallet> wallet_in(std::string_view text) {
  if (auto wallet = parse_wallet(text)) return wallet;
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? std::nullopt : parse_wallet(text.substr(colon + 1));
}

// Ids that are equal as text are equal: some pools answer 1 with "1".
std::uint64_t hash_of_id(const Json& id) { return hash_of(id.is_string() ? std::string(id.string_or("")) : id.dump()); }

}  // namespace

std::string fact_text(std::string_view text) {
  const std::string out = printable(cut(text, kFactBytesMax));
  return std::string(cut(out, kFactBytesMax));
}

std::string word_of(const Json& value) {
  if (value.is_string()) return std::string(value.string_or(""));
  return value.is_number() ? value.dump() : std::string();
}

bool is_hex(std::string_view text, std::size_t least, std::size_t most) {
  text = without_prefix(text);
  return text.size() >= least && text.size() <= most && std::ranges::all_of(text, is_hex_digit);
}

bool is_hex(const Json& value, std::size_t least, std::size_t most) {
  return value.is_string() && is_hex(value.string_or(""), least, most);
}

std::string hex_digits(std::string_view text) {
  std::string out(without_prefix(text));
  for (char& c : out)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c | 0x20);
  return out;
}

double hashes_of_target(std::string_view target) {
  const auto bits = target_bits(target);
  return bits ? std::exp2(*bits) : 0.0;
}

Account split_account(std::string_view account) {
  Account out{.wallet = account.substr(0, account.find_first_of(".+/~")), .worker = {}};
  account = account.substr(0, account.find('~'));  // "~rx/0"
  const std::size_t at = account.find_first_of("./");
  if (at == std::string_view::npos) return out;
  const std::string_view rest = account.substr(at + 1);
  out.worker = skip_payment_id(rest.substr(0, rest.find_first_of("+/")));
  return out;
}

void RequestTable::add(const Json& id, Request request) {
  if (id.is_null()) return;
  if (waiting_.size() == kRequestsKeptMax) waiting_.erase(waiting_.begin());
  waiting_.emplace_back(hash_of_id(id), request);
}

std::optional<Request> RequestTable::take(const Json& id) {
  if (id.is_null()) return std::nullopt;
  const auto at = std::ranges::find(waiting_, hash_of_id(id), &std::pair<std::uint64_t, Request>::first);
  if (at == waiting_.end()) return std::nullopt;
  const Request out = at->second;
  waiting_.erase(at);
  return out;
}

bool ShareMemory::remember(std::string_view job, std::string_view nonce) {
  const std::uint64_t share = hash_of(nonce, hash_of("\n", hash_of(job)));
  if (std::ranges::find(seen_, share) != seen_.end()) return false;
  if (seen_.size() < kSharesRememberedMax) {
    seen_.push_back(share);
    return true;
  }
  seen_[next_] = share;
  next_ = (next_ + 1) % kSharesRememberedMax;
  return true;
}

void weigh_share(ShareFacts& facts, const std::optional<ShareProof>& proof) {
  if (!proof) {
    ++facts.unchecked;
    return;
  }
  ++(proof->valid ? facts.valid : facts.invalid);
  if (!proof->valid) return;
  if (proof->bits >= kTrivialBits) facts.bits += proof->bits;
  facts.recomputed = facts.recomputed || proof->recomputed;
}

// Until a message fitted, the sides may be the other way round: a capture that joins late can only guess who opened.
// After that a side that speaks the other's words is not explained: so no list of recorded messages becomes a talk.
Fit PoolDialect::see(const Message& message) {
  Fit fit = Fit::none;
  if (message.json != nullptr && message.json->is_object() && travels_by(message.carrier)) {
    const Json& json = *message.json;
    fit = listen(
        {message, json, json["id"], json["method"].string_or(""), json["params"], json["result"], json["error"]});
  }
  const bool miner = (message.side == Side::client) != facts_.sides_swapped;
  if (fit == Fit::fits) ++(miner ? facts_.client_fits : facts_.server_fits);
  if (fit == Fit::none) ++facts_.misfits;
  if (has_fits()) facts_.role = role_;
  return fit;
}

Fit PoolDialect::listen(const Talk& talk) {
  const bool miner = (talk.message.side == Side::client) != facts_.sides_swapped;
  const Fit fit = miner ? miner_says(talk) : pool_says(talk);
  if (fit != Fit::none || has_fits() || talk.message.carrier == Carrier::http) return fit;
  const Fit other = miner ? pool_says(talk) : miner_says(talk);
  if (other == Fit::fits) facts_.sides_swapped = true;
  return other;
}

void PoolDialect::note_account(std::string_view account) {
  const Account parts = split_account(account);
  const auto wallet = wallet_in(parts.wallet);
  facts_.account = fact_text(account);
  facts_.worker = fact_text(parts.worker);
  facts_.wallet = wallet ? wallet->address : std::string();
  facts_.wallet_coin = wallet ? wallet->coin : std::string();
}

void PoolDialect::confirm_greeting() {
  facts_.server_agreed = true;
  if (!greeted_weakly_) return;
  ++facts_.client_fits;
  facts_.client_greeted = true;
  greeted_weakly_ = false;
}

bool PoolDialect::note_share(const Talk& talk, std::string_view job, std::string_view nonce) {
  ShareFacts& shares = facts_.shares;
  if (shares.sent++ == 0) shares.first_at = talk.message.at;
  shares.last_at = talk.message.at;
  return shares_.remember(job, nonce);
}

void PoolDialect::note_answer(const Request& share, bool accepted) {
  ++(accepted ? facts_.shares.accepted : facts_.shares.rejected);
  if (accepted) facts_.shares.expected_hashes += share.hashes;
}

}  // namespace davy::mining

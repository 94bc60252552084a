#include "mining/talk_parts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "mining/share_proof.h"
#include "mining/wallet.h"

namespace davy::mining::talk {
namespace {

constexpr std::size_t kIdBytesMax = 64;
constexpr std::size_t kBlobDigitsMin = 120;  // a block header is at least 60 bytes
constexpr std::size_t kBlobDigitsMax = 4'096;
constexpr std::size_t kHashDigits = 64;

constexpr std::array<std::string_view, 20> kSmallTalk = {"getblockcount",
                                                         "get_block_count",
                                                         "getbestblockhash",
                                                         "getblockhash",
                                                         "getdifficulty",
                                                         "getmininginfo",
                                                         "getnetworkinfo",
                                                         "validateaddress",
                                                         "getinfo",
                                                         "get_info",
                                                         "get_version",
                                                         "getlastblockheader",
                                                         "get_last_block_header",
                                                         "getblockheaderbyheight",
                                                         "get_block_header_by_height",
                                                         "getblockheadersrange",
                                                         "get_block_headers_range",
                                                         "getpeerinfo",
                                                         "getconnectioncount",
                                                         "getblockheader"};

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// FNV-1a, 64 bits.
std::uint64_t hash_of(std::string_view job, std::string_view nonce) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  for (const std::string_view part : {job, std::string_view("\0", 1), nonce})
    for (const char c : part) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1'099'511'628'211U;
  return hash;
}

// The text of a string, or of a number: pools use both for job ids.
std::string id_text(const Json& id) {
  return id.is_string() ? fact_text(id.string_or("")) : id.is_number() ? id.dump() : std::string();
}

// Browser pools that name no other algorithm serve Monero's.
std::string_view coin_of(std::string_view algorithm) {
  struct Known {
    std::string_view algorithm, coin;
  };
  constexpr std::array<Known, 11> kKnown = {{{"", "monero"},
                                             {"cn", "monero"},
                                             {"cn/r", "monero"},
                                             {"cryptonight", "monero"},
                                             {"rx/0", "monero"},
                                             {"rx", "monero"},
                                             {"rx/wow", "wownero"},
                                             {"rx/arq", "arqma"},
                                             {"cn-pico", "turtlecoin"},
                                             {"cn-pico/trtl", "turtlecoin"},
                                             {"panthera", "scala"}}};
  const auto found = std::ranges::find(kKnown, algorithm, &Known::algorithm);
  return found == kKnown.end() ? std::string_view() : found->coin;
}

}  // namespace

bool is_hex_digits(std::string_view text, std::size_t digits_min, std::size_t digits_max) {
  return text.size() >= digits_min && text.size() <= digits_max && text.size() % 2 == 0 &&
         std::ranges::all_of(text, is_hex_digit);
}

bool is_hex(const Json& text, std::size_t digits_min, std::size_t digits_max) {
  return text.is_string() && is_hex_digits(text.string_or(""), digits_min, digits_max);
}

bool is_0x_hex(const Json& text, std::size_t digits_min, std::size_t digits_max) {
  std::string_view digits = text.string_or("");
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  return text.is_string() && is_hex_digits(digits, digits_min, digits_max);
}

bool is_base64(const Json& text, std::size_t min, std::size_t max) {
  std::string_view digits = text.string_or("");
  if (digits.size() < min || digits.size() > max || digits.empty() || digits.size() % 4 != 0) return false;
  for (int i = 0; i < 2 && digits.ends_with('='); ++i) digits.remove_suffix(1);
  return std::ranges::all_of(digits, [](char c) { return is_letter_or_digit(c) || c == '+' || c == '/'; });
}

bool is_text(const Json& text, std::size_t min, std::size_t max) {
  const std::size_t size = text.string_or("").size();
  return text.is_string() && size >= min && size <= max;
}

bool has(const Json& object, std::string_view name) {
  return std::ranges::any_of(object.members(), [&](const Json::Member& member) { return member.first == name; });
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find_first_of("?#")); }

std::string_view last_segment(std::string_view target) {
  const std::string_view path = path_of(target);
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
}

std::string_view query_value(std::string_view target, std::string_view name) {
  const std::size_t begin = target.find('?');
  if (begin == std::string_view::npos) return {};
  for (std::string_view rest = target.substr(begin + 1); !rest.empty();) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
  }
  return {};
}

bool is_small_talk(std::string_view method) { return std::ranges::find(kSmallTalk, method) != kSmallTalk.end(); }

std::string fact_text(std::string_view text) {
  std::string out = printable(text.substr(0, kFactBytesMax));
  if (out.size() <= kFactBytesMax) return out;
  std::size_t end = kFactBytesMax;
  while (end > 0 && (static_cast<std::uint8_t>(out[end]) & 0xc0U) == 0x80U) --end;
  out.resize(end);
  return out;
}

void set_once(std::string& fact, std::string_view text) {
  if (fact.empty() && !text.empty()) fact = fact_text(text);
}

void note_wallet(ConversationFacts& facts, std::string_view user) {
  if (!facts.wallet.empty()) return;
  const auto wallet = parse_wallet(user.substr(0, user.find_first_of(".+/~:@")));
  if (!wallet) return;
  facts.wallet = wallet->address, facts.wallet_coin = wallet->coin;
  facts.coin = wallet->coin;
}

void note_exchange(ConversationFacts& facts, const Message& message) {
  if (message.http == nullptr || message.side != Side::client) return;
  set_once(facts.agent, message.http->user_agent);
  set_once(facts.account, message.http->basic_user);
}

Fit count(ConversationFacts& facts, Side side, Fit fit) {
  if (fit == Fit::none) ++facts.misfits;
  if (fit == Fit::fits) ++(side == Side::client ? facts.client_fits : facts.server_fits);
  return fit;
}

void note_sent(ShareFacts& shares, Timestamp at) {
  if (shares.sent++ == 0) shares.first_at = at;
  shares.last_at = at;
}

void PendingRequests::note(const Json& id, int kind) {
  if (waiting_.size() == kRequestsKeptMax) waiting_.erase(waiting_.begin());
  const bool kept = id.is_number() || is_text(id, 0, kIdBytesMax);
  waiting_.push_back({kept ? id.dump() : std::string(), kind});
}

std::optional<int> PendingRequests::take(const Json& id, bool in_order) {
  auto found = waiting_.end();
  if (id.is_number() || is_text(id, 0, kIdBytesMax)) found = std::ranges::find(waiting_, id.dump(), &Waiting::id);
  if (found == waiting_.end() && in_order) found = waiting_.begin();
  if (found == waiting_.end()) return std::nullopt;
  const int kind = found->kind;
  waiting_.erase(found);
  return kind;
}

bool DistinctShares::is_new(std::string_view job, std::string_view nonce) {
  const std::uint64_t hash = hash_of(job, nonce);
  if (!known_.insert(hash).second) return false;
  if (order_.size() < kSharesRememberedMax) {
    order_.push_back(hash);
    return true;
  }
  known_.erase(std::exchange(order_[oldest_], hash));
  oldest_ = (oldest_ + 1) % kSharesRememberedMax;
  return true;
}

bool CryptonoteWork::is_job(const Json& job) {
  const std::string id = id_text(job["job_id"]);
  const std::size_t digits = job["target"].string_or("").size();
  return !id.empty() && is_hex(job["blob"], kBlobDigitsMin, kBlobDigitsMax) && (digits == 8 || digits == 16) &&
         is_hex(job["target"], digits, digits);
}

bool CryptonoteWork::is_share(const Json& share) {
  return !id_text(share["job_id"]).empty() && is_hex(share["nonce"], 8, 16) &&
         is_hex(share["result"], kHashDigits, kHashDigits);
}

void CryptonoteWork::note_job(const Json& job) {
  ++facts_.jobs;
  if (jobs_.size() == kJobsKeptMax) jobs_.erase(jobs_.begin());
  jobs_.push_back({id_text(job["job_id"]), std::string(job["target"].string_or(""))});
  const std::string_view algorithm = job["algo"].string_or("");
  set_once(facts_.algorithm, algorithm);
  set_once(facts_.coin, coin_of(algorithm));
}

void CryptonoteWork::check(std::string_view target, std::string_view result) {
  const auto proof = target.empty() ? std::nullopt : prove_cryptonote_share(target, result);
  if (!proof) {
    ++facts_.shares.unchecked;
    return;
  }
  ++(proof->valid ? facts_.shares.valid : facts_.shares.invalid);
  if (proof->valid && proof->bits >= kTrivialBits) facts_.shares.bits += proof->bits;
}

void CryptonoteWork::note_share(const Json& share, Timestamp at) {
  note_sent(facts_.shares, at);
  const std::string id = id_text(share["job_id"]);
  const auto job = std::ranges::find(jobs_, id, &Job::id);
  const std::string target = job == jobs_.end() ? std::string() : job->target;
  if (waiting_.size() == kSharesWaitingMax) waiting_.erase(waiting_.begin());
  waiting_.push_back(target.empty() ? 0.0 : cryptonote_difficulty(target).value_or(0.0));
  if (distinct_.is_new(id, share["nonce"].string_or(""))) check(target, share["result"].string_or(""));
}

void CryptonoteWork::note_verdict(bool accepted) {
  ++(accepted ? facts_.shares.accepted : facts_.shares.rejected);
  if (waiting_.empty()) return;
  if (accepted) facts_.shares.expected_hashes += waiting_.front();
  waiting_.erase(waiting_.begin());
}

}  // namespace davy::mining::talk

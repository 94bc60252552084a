// The mining.* family: one state machine for all, because its members share most words and some connections show only a
// few of them. Which member it is follows from the most telling shape seen: a job tells more than a share, a share
// more than a greeting.
//
// Difficulty, target and extranonce are those of the moment when a job came, or the present ones where pools that
// change them meant them at once. A share of Bitcoin's shape may be of Scrypt or another algorithm: until one
// recomputes with SHA-256d, those that do not are unchecked rather than invalid, and the coin is the wallet's.
#include <charconv>
#include <cmath>

#include "mining/pool_talk.h"
#include "mining/stratum_shapes.h"

namespace davy::mining {
namespace {

using stratum::Family;

enum Kind : std::uint8_t { kSubscribe, kAuthorize, kSubmit, kOther };

// How much a message says about which member of the family is spoken.
enum Strength : std::uint8_t { kNothing, kByGreeting, kByShare, kByJob };

constexpr double kHashesOfDifficultyOne = 4294967296.0;  // 2^32, less one part in 65,536
constexpr std::size_t kGreetingWordsMax = 8;
constexpr std::size_t kExtranonceDigitsMax = 64;

// Coins of Kaspa's shape by what stands before the colon of their addresses.
constexpr std::string_view kPrefixedCoins[] = {"kaspa", "karlsen", "pyrin", "nexellia", "spectre", "bugna", "sedra"};

constexpr std::string_view kSha256dCoins[] = {"bitcoin", "bitcoincash", "ecash"};
constexpr std::string_view kZcashVersion = "04000000";

struct Job {
  Family family = Family::unknown;
  double hashes = 0.0;  // expected behind a share, 0 when unknown
  double difficulty = 0.0;
  std::string target;
  std::optional<std::string> extranonce;
  std::optional<BitcoinJob> bitcoin;
  std::optional<ZcashJob> zcash;
};

std::string text_at(const Json& params, std::size_t at) {
  return at < params.items().size() ? std::string(params.items()[at].string_or("")) : std::string();
}
const Json& item_at(const Json& params, std::size_t at) {
  static const Json kNone;
  return at < params.items().size() ? params.items()[at] : kNone;
}

BitcoinJob read_bitcoin_job(const Json& params) {
  BitcoinJob job;
  job.previous_hash = text_at(params, 1);
  job.coinbase1 = text_at(params, 2);
  job.coinbase2 = text_at(params, 3);
  for (const Json& hash : item_at(params, 4).items()) job.merkle_branch.emplace_back(hash.string_or(""));
  job.version = text_at(params, 5);
  job.bits = text_at(params, 6);
  job.time = text_at(params, 7);
  return job;
}

ZcashJob read_zcash_job(const Json& params) {
  ZcashJob job;
  job.version = text_at(params, 1);
  job.previous_hash = text_at(params, 2);
  job.merkle_root = text_at(params, 3);
  job.reserved = text_at(params, 4);
  job.time = text_at(params, 5);
  job.bits = text_at(params, 6);
  return job;
}

std::size_t bytes_of(const Job& job) {
  std::size_t bytes = sizeof(Job) + job.target.size();
  if (job.bitcoin)
    bytes += job.bitcoin->coinbase1.size() + job.bitcoin->coinbase2.size() + job.bitcoin->merkle_branch.size() * 96;
  return bytes;
}

// Of Ergo's target, a decimal number of up to 78 digits.
double hashes_of_decimal_target(std::string_view text) {
  double target = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), target);
  return target > 0.0 ? std::ldexp(1.0 / target, 256) : 0.0;
}

// Small remarks: a method, the params that it has, and which member of the family alone says so.
struct Remark {
  std::string_view method;
  bool (*fits)(const Json& params);
  Family family = Family::unknown;
};
bool is_no_params(const Json& params) { return params.items().empty() && !params.is_object(); }
bool is_one_number(const Json& params) { return params.items().size() == 1 && params.items()[0].is_number(); }
bool is_one_hash(const Json& params) { return is_hash(item_at(params, 0)); }
bool is_one_text(const Json& params) { return params.items().size() == 1 && params.items()[0].is_string(); }
bool is_rate(const Json& params) { return is_hex(item_at(params, 0), 1, 64); }
bool is_configuration(const Json& params) {
  return !item_at(params, 0).items().empty() && item_at(params, 0).items()[0].is_string();
}
constexpr Remark kMinerRemarks[] = {
    {"mining.configure", is_configuration},          {"mining.extranonce.subscribe", is_no_params},
    {"mining.suggest_difficulty", is_one_number},    {"mining.suggest_target", is_one_hash},
    {"mining.get_transactions", is_one_text},        {"mining.multi_version", is_one_number},
    {"mining.hashrate", is_rate, Family::ethereum2}, {"alph_submitHashrate", is_rate, Family::alephium}};
constexpr std::string_view kMinerAsides[] = {"mining.noop", "mining.bye", "mining.pong", "eth_submitHashrate"};
constexpr std::string_view kPoolAsides[] = {"mining.ping",         "mining.bye",         "mining.set_goal",
                                            "client.show_message", "client.get_version", "client.reconnect"};

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

class StratumDialect final : public PoolDialect {
 public:
  StratumDialect() { facts_.dialect = dialect_of(Family::unknown); }

 private:
  struct Word {
    std::string_view method;
    Fit (StratumDialect::*hear)(const Talk& talk);
  };
  static const Word kMinerWords[], kPoolWords[];

  Fit miner_says(const Talk& talk) override;
  Fit pool_says(const Talk& talk) override;

  // The miner.
  Fit subscribe(const Talk& talk);
  Fit hello(const Talk& talk);
  Fit authorize(const Talk& talk);
  Fit submit(const Talk& talk);
  Fit remark(const Talk& talk);

  // The pool.
  Fit notify(const Talk& talk);
  Fit set_difficulty(const Talk& talk);
  Fit set_target(const Talk& talk);
  Fit set_extranonce(const Talk& talk);
  Fit set_version_mask(const Talk& talk);
  Fit set(const Talk& talk);
  Fit reply(const Talk& talk);
  Fit answer(const Talk& talk, const Request& share);
  Fit welcome(const Talk& talk, bool asked);

  void keep_job(Family family, const Json& params);
  void keep_alephium_jobs(const Json& params);
  double hashes_of_job(Family family, const Json& params) const;
  double hashes_of_share(const Job& job) const;
  std::optional<ShareProof> prove(const Job& job, const Json& params);
  std::optional<ShareProof> prove_bitcoin(const Job& job, const Json& params) const;
  std::optional<ShareProof> prove_zcash(const Job& job, const Json& params) const;
  void lean_to(Family family, Strength strength);
  void settle();
  void settle_bitcoin();
  void settle_zcash();

  Family family_ = Family::unknown;
  Strength strength_ = kNothing;
  double difficulty_ = 0.0;  // 0 before it was set
  std::string target_;
  std::string version_mask_;
  std::optional<std::string> extranonce_;
  std::string equihash_;
  bool recomputes_ = false;       // a share proved that the algorithm is the one of its shape
  bool foreign_version_ = false;  // a block of Zcash's shape, but not of its version
  JobShelf<Job> jobs_;
};

const StratumDialect::Word StratumDialect::kMinerWords[] = {{"mining.subscribe", &StratumDialect::subscribe},
                                                            {"mining.authorize", &StratumDialect::authorize},
                                                            {"mining.submit", &StratumDialect::submit},
                                                            {"mining.hello", &StratumDialect::hello}};
const StratumDialect::Word StratumDialect::kPoolWords[] = {
    {"mining.notify", &StratumDialect::notify},
    {"mining.set_difficulty", &StratumDialect::set_difficulty},
    {"mining.set_target", &StratumDialect::set_target},
    {"mining.set_extranonce", &StratumDialect::set_extranonce},
    {"set_extranonce", &StratumDialect::set_extranonce},
    {"mining.set_version_mask", &StratumDialect::set_version_mask},
    {"mining.set", &StratumDialect::set}};

Fit StratumDialect::miner_says(const Talk& talk) {
  for (const Word& word : kMinerWords)
    if (word.method == talk.method) return (this->*word.hear)(talk);
  if (talk.is_reply() || is_one_of(kMinerAsides, talk.method)) return Fit::neutral;
  return remark(talk);
}

Fit StratumDialect::pool_says(const Talk& talk) {
  for (const Word& word : kPoolWords)
    if (word.method == talk.method) return (this->*word.hear)(talk);
  if (is_one_of(kPoolAsides, talk.method)) return Fit::neutral;
  return talk.is_reply() ? reply(talk) : Fit::none;
}

// [agent, session, host, port] or less; EIP-1571 has none, or the session to resume.
Fit StratumDialect::subscribe(const Talk& talk) {
  const auto& words = talk.params.items();
  const auto simple = [](const Json& word) { return word.is_string() || word.is_null() || word.is_number(); };
  if (talk.params.is_object() || words.size() > kGreetingWordsMax || !std::ranges::all_of(words, simple))
    return Fit::none;
  requests_.add(talk.id, {kSubscribe});
  if (!words.empty()) facts_.agent = fact_text(words[0].string_or(""));
  facts_.client_greeted = true;
  return Fit::fits;
}

Fit StratumDialect::hello(const Talk& talk) {
  if (!talk.params["agent"].is_string() && !talk.params["proto"].is_string()) return Fit::none;
  requests_.add(talk.id, {kSubscribe});
  facts_.agent = fact_text(talk.params["agent"].string_or(""));
  facts_.client_greeted = true;
  lean_to(Family::ethereum2, kByGreeting);
  return Fit::fits;
}

Fit StratumDialect::authorize(const Talk& talk) {
  const std::string_view user = item_at(talk.params, 0).string_or("");
  if (user.empty()) return Fit::none;
  requests_.add(talk.id, {kAuthorize});
  note_account(user);
  facts_.client_greeted = true;
  settle();
  return Fit::fits;
}

Fit StratumDialect::submit(const Talk& talk) {
  const auto share = stratum::read_submit(talk.params, family_);
  if (!share) return Fit::none;
  lean_to(share->family, kByShare);
  if (facts_.account.empty() && family_ != Family::ethereum2) note_account(share->worker);
  if (share->family == Family::zcash) equihash_ = stratum::equihash_of(text_at(talk.params, 4).size());
  const Job* job = jobs_.find(share->job);
  if (note_share(talk, share->job, share->nonce))
    weigh_share(facts_.shares, job == nullptr ? std::nullopt : prove(*job, talk.params));
  requests_.add(talk.id, {kSubmit, job == nullptr ? 0.0 : hashes_of_share(*job)});
  settle();
  return Fit::fits;
}

Fit StratumDialect::remark(const Talk& talk) {
  const auto* known = std::ranges::find(kMinerRemarks, talk.method, &Remark::method);
  if (known == std::end(kMinerRemarks) || !known->fits(talk.params)) return Fit::none;
  requests_.add(talk.id, {kOther});
  lean_to(known->family, kByGreeting);
  return Fit::fits;
}

Fit StratumDialect::notify(const Talk& talk) {
  const auto family = stratum::family_of_notify(talk.params);
  if (!family) return Fit::none;
  note_job();
  if (*family == Family::alephium) keep_alephium_jobs(talk.params);
  else keep_job(*family, talk.params);
  if (*family == Family::conflux && facts_.account.empty()) note_account(std::exchange(facts_.agent, {}));
  lean_to(*family, kByJob);
  return Fit::fits;
}

void StratumDialect::keep_job(Family family, const Json& params) {
  Job job{.family = family, .hashes = hashes_of_job(family, params), .difficulty = difficulty_, .target = target_};
  job.extranonce = extranonce_;
  if (family == Family::bitcoin) job.bitcoin = read_bitcoin_job(params);
  if (family == Family::zcash) {
    job.zcash = read_zcash_job(params);
    foreign_version_ = job.zcash->version != kZcashVersion;
  }
  const std::size_t bytes = bytes_of(job);
  jobs_.keep(word_of(item_at(params, 0)), std::move(job), bytes);
}

void StratumDialect::keep_alephium_jobs(const Json& params) {
  for (const Json& each : params.items()) {
    Job job{.family = Family::alephium};
    const std::size_t bytes = bytes_of(job);
    jobs_.keep(word_of(each["jobId"]), std::move(job), bytes);
  }
}

// Where a difficulty's meaning differs between pools (Ergo's short form, Alephium), none is claimed.
double StratumDialect::hashes_of_job(Family family, const Json& params) const {
  switch (family) {
    case Family::zcash:
    case Family::aeternity:
    case Family::ethereum2: return hashes_of_target(target_);
    case Family::kawpow:
    case Family::conflux: return hashes_of_target(item_at(params, 3).string_or(""));
    case Family::kaspa:
    case Family::ethereum1: return difficulty_ * kHashesOfDifficultyOne;
    case Family::ergo: return hashes_of_decimal_target(item_at(params, 6).string_or(""));
    default: return 0.0;
  }
}

// Bitcoin's difficulty means so many hashes with SHA-256d only.
double StratumDialect::hashes_of_share(const Job& job) const {
  if (job.family != Family::bitcoin) return job.hashes;
  const double difficulty = job.difficulty > 0.0 ? job.difficulty : difficulty_;
  return recomputes_ ? difficulty * kHashesOfDifficultyOne : 0.0;
}

std::optional<ShareProof> StratumDialect::prove(const Job& job, const Json& params) {
  std::optional<ShareProof> proof;
  if (job.zcash) proof = prove_zcash(job, params);
  if (job.bitcoin) proof = prove_bitcoin(job, params);
  if (proof && proof->valid && proof->bits >= kTrivialBits) recomputes_ = true;
  return recomputes_ ? proof : std::nullopt;
}

std::optional<ShareProof> StratumDialect::prove_bitcoin(const Job& job, const Json& params) const {
  const auto& extranonce = job.extranonce ? job.extranonce : extranonce_;
  if (!extranonce) return std::nullopt;
  const BitcoinSubmit share{text_at(params, 2), text_at(params, 3), text_at(params, 4), text_at(params, 5)};
  const double first = job.difficulty > 0.0 ? job.difficulty : difficulty_ > 0.0 ? difficulty_ : 1.0;
  const auto proof = prove_bitcoin_share(*job.bitcoin, *extranonce, share, first, version_mask_);
  if (!proof || proof->valid || difficulty_ <= 0.0 || difficulty_ == first) return proof;
  return prove_bitcoin_share(*job.bitcoin, *extranonce, share, difficulty_, version_mask_);
}

std::optional<ShareProof> StratumDialect::prove_zcash(const Job& job, const Json& params) const {
  const auto& extranonce = job.extranonce ? job.extranonce : extranonce_;
  const std::string& target = job.target.empty() ? target_ : job.target;
  if (!extranonce || target.empty()) return std::nullopt;
  const std::string time = text_at(params, 2), nonce = text_at(params, 3), solution = text_at(params, 4);
  const auto proof = prove_zcash_share(*job.zcash, *extranonce, nonce, time, solution, target);
  if (!proof || proof->valid || target_ == target) return proof;
  return prove_zcash_share(*job.zcash, *extranonce, nonce, time, solution, target_);
}

Fit StratumDialect::set_difficulty(const Talk& talk) {
  const double difficulty = item_at(talk.params, 0).double_or(-1.0);
  if (!(difficulty > 0.0) || !std::isfinite(difficulty)) return Fit::none;
  difficulty_ = difficulty;
  return Fit::fits;
}

Fit StratumDialect::set_target(const Talk& talk) {
  if (!is_hash(item_at(talk.params, 0))) return Fit::none;
  target_ = text_at(talk.params, 0);
  return Fit::fits;
}

Fit StratumDialect::set_extranonce(const Talk& talk) {
  if (!is_hex(item_at(talk.params, 0), 0, kExtranonceDigitsMax)) return Fit::none;
  extranonce_ = text_at(talk.params, 0);
  return Fit::fits;
}

Fit StratumDialect::set_version_mask(const Talk& talk) {
  if (!is_hex(item_at(talk.params, 0), 8, 8)) return Fit::none;
  version_mask_ = text_at(talk.params, 0);
  return Fit::fits;
}

// {epoch, target, algo, extranonce}, those that change
Fit StratumDialect::set(const Talk& talk) {
  const Json& params = talk.params;
  const bool fits = is_hex(params["target"], 1, 64) || is_hex(params["epoch"], 1, 16) || params["algo"].is_string() ||
                    is_hex(params["extranonce"], 0, kExtranonceDigitsMax);
  if (!fits) return Fit::none;
  if (is_hex(params["target"], 1, 64)) target_ = params["target"].string_or("");
  lean_to(Family::ethereum2, kByGreeting);
  return Fit::fits;
}

Fit StratumDialect::reply(const Talk& talk) {
  const auto asked = requests_.take(talk.id);
  if (asked && asked->kind == kSubmit) return answer(talk, *asked);
  if (asked && asked->kind == kAuthorize && !talk.failed()) facts_.server_agreed = true;
  if (is_hex(talk.result["version-rolling.mask"], 1, 8)) {
    version_mask_ = talk.result["version-rolling.mask"].string_or("");
    return Fit::fits;
  }
  if (talk.result.is_array() || talk.result.is_object()) return welcome(talk, asked && asked->kind == kSubscribe);
  if (asked && asked->kind == kSubscribe && !talk.failed()) facts_.server_agreed = true;
  return asked || !talk.result.is_string() ? Fit::neutral : Fit::none;
}

// true, [true], "accepted" ...; false, [false, why], or an error.
Fit StratumDialect::answer(const Talk& talk, const Request& share) {
  const bool refused = talk.failed() || talk.result.is_null() || item_at(talk.result, 0) == Json(false);
  note_answer(share, !refused);
  const bool plain = talk.result == Json(true) || item_at(talk.result, 0) == Json(true);
  return (!refused && plain) || stratum::is_refusal(talk.error) ? Fit::fits : Fit::neutral;
}

Fit StratumDialect::welcome(const Talk& talk, bool asked) {
  const auto seen = stratum::read_welcome(talk.result);
  if (!seen) return Fit::none;
  if (!asked && !seen->certain) return Fit::neutral;
  if (seen->family != Family::kaspa) extranonce_ = seen->extranonce;
  if (seen->family != Family::bitcoin) lean_to(seen->family, kByGreeting);
  facts_.server_agreed = true;
  return Fit::fits;
}

void StratumDialect::lean_to(Family family, Strength strength) {
  if (family != Family::unknown && strength >= strength_) family_ = family, strength_ = strength;
  settle();
}

void StratumDialect::settle() {
  facts_.dialect = dialect_of(family_);
  if (family_ == Family::unknown || family_ == Family::bitcoin) return settle_bitcoin();
  facts_.coin = coin_of(family_);
  facts_.algorithm = algorithm_of(family_);
  if (family_ == Family::zcash) settle_zcash();
  const std::string_view prefix = std::string_view(facts_.account).substr(0, facts_.account.find(':'));
  if (family_ == Family::kaspa && is_one_of(kPrefixedCoins, prefix)) facts_.coin = prefix;
}

// A pool may pay in another coin than the one that was proved.
void StratumDialect::settle_bitcoin() {
  facts_.algorithm = recomputes_ ? "sha256d" : "";
  const bool pays_elsewhere = recomputes_ && !is_one_of(kSha256dCoins, facts_.wallet_coin);
  facts_.coin = pays_elsewhere ? "bitcoin" : facts_.wallet_coin;
}

void StratumDialect::settle_zcash() {
  const bool usual = equihash_.empty() || equihash_ == facts_.algorithm;
  if (!usual) facts_.algorithm = equihash_;
  if (foreign_version_ && !recomputes_) facts_.algorithm.clear();
  if (!usual || (foreign_version_ && !recomputes_)) facts_.coin.clear();
  if (facts_.wallet_coin == "zen") facts_.coin = "zen";
}

}  // namespace

std::unique_ptr<Dialect> create_stratum_dialect() { return std::make_unique<StratumDialect>(); }

}  // namespace davy::mining

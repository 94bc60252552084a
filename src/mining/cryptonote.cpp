// Monero and its relatives: login, job, submit as objects. Source: the protocol notes and the client of XMRig and
// xmrig-proxy.
//
// "login" and "submit" are words of many programs. A login counts by itself only when a wallet or names of
// proof-of-work algorithms stand in it; otherwise it counts once the other side answers with a job. A share counts only
// with nonce and hash, a job only with a blob and a target.
#include <cmath>

#include "mining/pool_talk.h"

namespace davy::mining {
namespace {

enum Kind : std::uint8_t { kLogin, kSubmit, kOther };

constexpr std::size_t kBlobDigitsMin = 120;      // a block header is at least 60 bytes
constexpr std::size_t kShortBlobDigitsMin = 64;  // with an algorithm beside it: KawPow sends a hash
constexpr std::size_t kBlobDigitsMax = 4'096;
constexpr std::size_t kTemplateDigitsMax = 64U << 10;  // a whole block
constexpr std::size_t kWalletLengthMin = 90, kWalletLengthMax = 112;
constexpr std::size_t kAlgorithmsMax = 128;  // looked at in one login

struct Algorithm {
  std::string_view name, coin;
};
// Names: XMRig, src/base/crypto/Algorithm.cpp. Coins: the one that uses or used it, by itself or by far the most.
constexpr Algorithm kAlgorithms[] = {{"rx/0", "monero"},
                                     {"rx/wow", "wownero"},
                                     {"rx/arq", "arqma"},
                                     {"rx/graft", "graft"},
                                     {"rx/sfx", "safex"},
                                     {"rx/keva", "kevacoin"},
                                     {"rx/loki", "oxen"},
                                     {"rx/xla", "scala"},
                                     {"rx/yada", "yadacoin"},
                                     {"panthera", "scala"},
                                     {"cn/0", "monero"},
                                     {"cn/1", "monero"},
                                     {"cn/2", "monero"},
                                     {"cn/r", "monero"},
                                     {"cn/fast", "masari"},
                                     {"cn/half", "masari"},
                                     {"cn/xao", "alloy"},
                                     {"cn/rto", "arto"},
                                     {"cn/rwz", "graft"},
                                     {"cn/zls", "zelerius"},
                                     {"cn/double", "x-cash"},
                                     {"cn/ccx", "conceal"},
                                     {"cn/gpu", "ryo"},
                                     {"cn/upx2", "uplexa"},
                                     {"cn-lite/0", "aeon"},
                                     {"cn-lite/1", "aeon"},
                                     {"cn-heavy/0", ""},
                                     {"cn-heavy/xhv", "haven"},
                                     {"cn-heavy/tube", "bittube"},
                                     {"cn-pico", "turtlecoin"},
                                     {"cn-pico/tlo", "talleo"},
                                     {"argon2/chukwa", "turtlecoin"},
                                     {"argon2/chukwav2", "turtlecoin"},
                                     {"argon2/ninja", "ninjacoin"},
                                     {"argon2/wrkz", "wrkzcoin"},
                                     {"astrobwt", "dero"},
                                     {"astrobwt/v2", "dero"},
                                     {"ghostrider", "raptoreum"},
                                     {"flex", "kylacoin"},
                                     {"kawpow", "ravencoin"}};

// Coins of this kind that parse_wallet names.
constexpr std::string_view kWalletCoins[] = {"monero", "wownero", "sumokoin", "salvium", "haven",      "conceal",
                                             "aeon",   "masari",  "oxen",     "dero",    "turtlecoin", "unprll"};

const Algorithm* find_algorithm(std::string_view name) {
  const auto* at = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return at == std::end(kAlgorithms) ? nullptr : at;
}

bool names_algorithms(const Json& list) {
  const auto& items = list.items();
  return std::any_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(std::min(items.size(), kAlgorithmsMax)),
                     [](const Json& name) { return find_algorithm(name.string_or("")) != nullptr; });
}

// The looks of an address of a relative of Monero whose checksum we do not know.
bool looks_like_wallet(std::string_view text) {
  return text.size() >= kWalletLengthMin && text.size() <= kWalletLengthMax && std::ranges::all_of(text, [](char c) {
           return (c >= '1' && c <= '9') || (c >= 'a' && c <= 'z' && c != 'l') ||
                  (c >= 'A' && c <= 'Z' && c != 'I' && c != 'O');
         });
}

bool is_target(const Json& target) { return is_hex(target, 8, 8) || is_hex(target, 16, 16) || is_hex(target, 64, 64); }

// A job, or one whose block the miner chooses itself ("self-select").
bool is_job(const Json& job) {
  if (word_of(job["job_id"]).empty() || !is_target(job["target"])) return false;
  if (job["pool_wallet"].is_string() && is_hex(job["extra_nonce"], 2, kFactBytesMax)) return true;
  const bool named = job["algo"].is_string() || is_hash(job["seed_hash"]);
  return is_hex(job["blob"], named ? kShortBlobDigitsMin : kBlobDigitsMin, kBlobDigitsMax);
}

struct CryptonoteJob {
  std::string target;
  bool checkable = true;
};

class CryptonoteDialect final : public PoolDialect {
 public:
  CryptonoteDialect() { facts_.dialect = "cryptonote"; }

 private:
  Fit miner_says(const Talk& talk) override;
  Fit pool_says(const Talk& talk) override;
  Fit login(const Talk& talk);
  Fit submit(const Talk& talk);
  Fit block_template(const Talk& talk) const;
  Fit reply(const Talk& talk);
  Fit answer(const Talk& talk, const Request& share);
  void take_job(const Json& job);
  void note_algorithm(std::string_view name);
  void settle_coin();

  JobShelf<CryptonoteJob> jobs_;
  double newest_hashes_ = 0.0;
};

Fit CryptonoteDialect::miner_says(const Talk& talk) {
  if (talk.method == "login") return login(talk);
  if (talk.method == "submit") return submit(talk);
  if (talk.method == "block_template") return block_template(talk);
  if ((talk.method == "keepalived" || talk.method == "getjob") && talk.params.is_object()) {
    requests_.add(talk.id, {kOther});
    return Fit::neutral;
  }
  return talk.is_reply() ? Fit::neutral : Fit::none;
}

Fit CryptonoteDialect::login(const Talk& talk) {
  const Json& params = talk.params;
  const std::string_view user = params["login"].string_or("");
  if (user.empty()) return Fit::none;
  requests_.add(talk.id, {kLogin});
  note_account(user);
  if (facts_.worker.empty()) facts_.worker = fact_text(params["rigid"].string_or(""));
  facts_.agent = fact_text(params["agent"].string_or(""));
  if (facts_.agent.starts_with("xmrig-proxy")) role_ = Role::proxy;
  if (params["algo"].items().size() == 1) note_algorithm(params["algo"].items()[0].string_or(""));
  settle_coin();
  const bool wallet = !facts_.wallet.empty() || looks_like_wallet(split_account(user).wallet);
  const bool miner = params["pass"].is_string() || params["agent"].is_string();
  if (!names_algorithms(params["algo"]) && !(wallet && miner)) {
    greet_weakly();
    return Fit::neutral;
  }
  facts_.client_greeted = true;
  return Fit::fits;
}

Fit CryptonoteDialect::submit(const Talk& talk) {
  const Json& params = talk.params;
  const std::string id = word_of(params["job_id"]);
  if (id.empty() || !is_hex(params["nonce"], 8, 16) || !is_hash(params["result"])) return Fit::none;
  const CryptonoteJob* job = jobs_.find(id);
  if (note_share(talk, id, hex_digits(params["nonce"].string_or("")))) {
    const bool checkable = job != nullptr && job->checkable;
    weigh_share(facts_.shares,
                checkable ? prove_cryptonote_share(job->target, params["result"].string_or("")) : std::nullopt);
  }
  const double hashes = job == nullptr ? 0.0 : cryptonote_difficulty(job->target).value_or(0.0);
  requests_.add(talk.id, {kSubmit, hashes});
  return Fit::fits;
}

Fit CryptonoteDialect::block_template(const Talk& talk) const {
  const Json& params = talk.params;
  const bool block = is_hex(params["blob"], kBlobDigitsMin, kTemplateDigitsMax) && is_hash(params["prev_hash"]);
  return block && !word_of(params["job_id"]).empty() ? Fit::fits : Fit::none;
}

Fit CryptonoteDialect::pool_says(const Talk& talk) {
  if (talk.method == "job") {
    if (!is_job(talk.params)) return Fit::none;
    take_job(talk.params);
    return Fit::fits;
  }
  if (talk.method == "client.reconnect" || talk.method == "client.show_message") return Fit::neutral;
  return talk.is_reply() ? reply(talk) : Fit::none;
}

// Where the request was not seen the shape decides: nothing else answers "KEEPALIVED" or with a job.
Fit CryptonoteDialect::reply(const Talk& talk) {
  const auto asked = requests_.take(talk.id);
  const Json& job = talk.result["job"].is_object() ? talk.result["job"] : talk.result;
  if (is_job(job)) {
    const auto& extensions = talk.result["extensions"].items();
    if (std::ranges::find(extensions, Json("nicehash")) != extensions.end()) role_ = Role::proxy;
    confirm_greeting();
    take_job(job);
    return Fit::fits;
  }
  if (asked && asked->kind == kSubmit) return answer(talk, *asked);
  const std::string_view status = talk.result["status"].string_or("");
  if (status == "KEEPALIVED") return Fit::fits;
  if (status == "OK" && !asked && facts_.jobs > 0) note_answer({kSubmit, newest_hashes_}, true);
  const bool usual = !status.empty() || talk.failed() || talk.result == Json(true) || talk.result.is_null();
  return usual ? Fit::neutral : Fit::none;
}

Fit CryptonoteDialect::answer(const Talk& talk, const Request& share) {
  const bool accepted = !talk.failed() && (talk.result["status"] == Json("OK") || talk.result == Json(true));
  note_answer(share, accepted);
  return accepted ? Fit::fits : Fit::neutral;
}

void CryptonoteDialect::take_job(const Json& job) {
  const std::string_view target = job["target"].string_or("");
  note_job();
  note_algorithm(job["algo"].string_or(""));
  settle_coin();
  jobs_.keep(word_of(job["job_id"]), {std::string(target), facts_.algorithm != "kawpow"}, target.size());
  newest_hashes_ = cryptonote_difficulty(target).value_or(0.0);
}

void CryptonoteDialect::note_algorithm(std::string_view name) {
  if (!name.empty()) facts_.algorithm = fact_text(name);
}

// A wallet of another kind of coin is where a pool pays, not what is mined.
void CryptonoteDialect::settle_coin() {
  const Algorithm* algorithm = find_algorithm(facts_.algorithm);
  if (std::ranges::find(kWalletCoins, facts_.wallet_coin) != std::end(kWalletCoins)) facts_.coin = facts_.wallet_coin;
  else if (algorithm != nullptr) facts_.coin = algorithm->coin;
}

}  // namespace

std::unique_ptr<Dialect> create_cryptonote_dialect() { return std::make_unique<CryptonoteDialect>(); }

}  // namespace davy::mining

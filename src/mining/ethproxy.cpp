// Ethereum's work as miners of graphics cards fetch it: eth_submitLogin, eth_getWork, eth_submitWork,
// eth_submitHashrate, over lines or HTTP. Source: the wiki of Ethereum's JSON-RPC and the captures it is spoken in.
//
// The same words fetch work from a node of one's own: over HTTP, with nothing that names an account, it is solo mining.
// What else a node is asked (eth_call, eth_blockNumber) is not of this dialect. Ethereum, Ethereum Classic and their
// relatives are alike on the wire; "ethereum" stands for the family. Shares are counted and not checked here.
#include "mining/pool_talk.h"

namespace davy::mining {
namespace {

enum Kind : std::uint8_t { kLogin, kSubmitWork, kOther };

constexpr std::size_t kWorkMin = 3, kWorkMax = 5;  // header, seed, target; some add the number of the block
constexpr std::string_view kUsualWorker = "eth1.0";

bool is_0x(const Json& value, std::size_t least, std::size_t most) {
  return value.string_or("").starts_with("0x") && is_hex(value, least, most);
}

bool is_work(const Json& result) {
  const auto& work = result.items();
  if (work.size() < kWorkMin || work.size() > kWorkMax) return false;
  return std::all_of(work.begin(), work.begin() + kWorkMin, [](const Json& word) { return is_0x(word, 64, 64); });
}

// The account in "/?miner=30@0x...@Rig" or "/0x.../Rig"; empty when there is none.
std::string_view account_in(std::string_view target) {
  target = target.substr(0, kFactBytesMax);
  for (std::size_t at = target.find("0x"); at != std::string_view::npos; at = target.find("0x", at + 1))
    if (is_hex(target.substr(at, 42), 40, 40)) return target.substr(at);
  return {};
}

class EthproxyDialect final : public PoolDialect {
 public:
  EthproxyDialect() { facts_.dialect = "ethproxy"; }

 private:
  Fit miner_says(const Talk& talk) override;
  Fit pool_says(const Talk& talk) override;
  bool travels_by(Carrier) const override { return true; }
  Fit login(const Talk& talk);
  Fit get_work(const Talk& talk);
  Fit submit_work(const Talk& talk);
  Fit submit_hashrate(const Talk& talk);
  Fit take_work(const Talk& talk);
  void note_http(const Talk& talk);
  void note_user(std::string_view user, const Json& worker);
  void note_coin() { facts_.coin = "ethereum", facts_.algorithm = "ethash"; }

  JobShelf<double> jobs_;  // by header; expected hashes
};

Fit EthproxyDialect::miner_says(const Talk& talk) {
  if (talk.method == "eth_submitLogin") return login(talk);
  if (talk.method == "eth_getWork") return get_work(talk);
  if (talk.method == "eth_submitWork") return submit_work(talk);
  if (talk.method == "eth_submitHashrate") return submit_hashrate(talk);
  return Fit::none;
}

Fit EthproxyDialect::login(const Talk& talk) {
  const std::string_view user = talk.params.items().empty() ? "" : talk.params.items()[0].string_or("");
  if (user.empty()) return Fit::none;
  requests_.add(talk.id, {kLogin});
  note_user(user, talk.json["worker"]);
  role_ = Role::pool;
  facts_.client_greeted = true;
  note_coin();
  return Fit::fits;
}

Fit EthproxyDialect::get_work(const Talk& talk) {
  if (!talk.params.items().empty() || talk.params.is_object()) return Fit::none;
  note_http(talk);
  note_coin();
  return Fit::fits;
}

Fit EthproxyDialect::submit_work(const Talk& talk) {
  const auto& work = talk.params.items();
  if (work.size() < 3 || !is_0x(work[0], 1, 16) || !is_0x(work[1], 64, 64) || !is_0x(work[2], 64, 64)) return Fit::none;
  note_http(talk);
  const std::string header = hex_digits(work[1].string_or(""));
  if (note_share(talk, header, hex_digits(work[0].string_or("")))) weigh_share(facts_.shares, std::nullopt);
  const double* hashes = jobs_.find(header);
  requests_.add(talk.id, {kSubmitWork, hashes == nullptr ? 0.0 : *hashes});
  note_coin();
  return Fit::fits;
}

Fit EthproxyDialect::submit_hashrate(const Talk& talk) {
  const auto& rate = talk.params.items();
  if (rate.size() != 2 || !is_0x(rate[0], 1, 64) || !is_0x(rate[1], 1, 64)) return Fit::none;
  requests_.add(talk.id, {kOther});
  note_http(talk);
  return Fit::fits;
}

// Over HTTP there may be no login: the account stands in the address, or in the credentials.
void EthproxyDialect::note_http(const Talk& talk) {
  const HttpExchange* http = talk.message.http;
  if (http == nullptr) return;
  const std::string_view in_target = account_in(http->target);
  const std::string_view user = in_target.empty() ? std::string_view(http->basic_user) : in_target;
  if (!user.empty() && facts_.account.empty()) note_user(user, talk.json["worker"]);
  if (facts_.agent.empty()) facts_.agent = fact_text(http->user_agent);
  role_ = facts_.account.empty() ? Role::solo : Role::pool;
}

void EthproxyDialect::note_user(std::string_view user, const Json& worker) {
  const std::size_t at = user.find('@');
  note_account(user.substr(0, at));
  if (facts_.worker.empty() && at != std::string_view::npos) facts_.worker = fact_text(user.substr(at + 1));
  const std::string_view name = worker.string_or("");
  if (facts_.worker.empty() && name != kUsualWorker) facts_.worker = fact_text(name);
}

Fit EthproxyDialect::pool_says(const Talk& talk) {
  if (!talk.method.empty()) return Fit::none;
  if (is_work(talk.result)) return take_work(talk);
  if (!talk.is_reply()) return Fit::none;
  const bool usual = talk.failed() || talk.result == Json(true) || talk.result.is_null();
  const auto asked = requests_.take(talk.id);
  if (!asked) return usual ? Fit::neutral : Fit::none;
  if (asked->kind == kLogin && talk.result == Json(true)) facts_.server_agreed = true;
  if (asked->kind != kSubmitWork) return Fit::neutral;
  note_answer(*asked, talk.result == Json(true) && talk.error.is_null());
  return talk.result.is_null() ? Fit::neutral : Fit::fits;
}

// Work is pushed with id 0, also where it was asked for with another; so nobody waits for it by id.
Fit EthproxyDialect::take_work(const Talk& talk) {
  const auto& work = talk.result.items();
  const std::string header = hex_digits(work[0].string_or(""));
  if (jobs_.find(header) == nullptr) {  // polled again and again
    jobs_.keep(header, hashes_of_target(work[2].string_or("")), sizeof(double));
    note_job();
  }
  note_coin();
  facts_.server_agreed = facts_.server_agreed || facts_.client_greeted;
  return Fit::fits;
}

}  // namespace

std::unique_ptr<Dialect> create_ethproxy_dialect() { return std::make_unique<EthproxyDialect>(); }

}  // namespace davy::mining

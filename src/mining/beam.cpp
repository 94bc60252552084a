// Beam: flat messages, each with a method and an id of text; the reply's method is "result". Source: BeamMW/beam,
// pow/stratum.
//
// The login's key is a wallet at a pool and a secret at a node: only the wallet is kept. A share is an Equihash
// solution, which is counted and not checked here.
#include <cmath>

#include "mining/pool_talk.h"

namespace davy::mining {
namespace {

enum Kind : std::uint8_t { kLogin, kSolution };

constexpr std::size_t kNonceDigits = 16;
constexpr std::size_t kSolutionDigits = 208;  // BeamHash: 104 bytes
constexpr std::size_t kNoncePrefixMax = 12;
constexpr std::size_t kWalletDigitsMin = 60;   // an address of the SBBS network; some leave out leading zeros
constexpr std::size_t kWalletLengthMax = 512;  // an offline address
constexpr std::int64_t kAccepted = 1, kExpired = 3;
constexpr std::uint64_t kDifficultyMax = std::uint32_t{0xffff'ffff};

bool is_job(const Json& json) {
  return is_hash(json["input"]) && json["difficulty"].is_number() && json["difficulty"].uint_or(0) <= kDifficultyMax;
}

// A floating number in 32 bits: 24 of mantissa, without its leading one, below 8 of exponent (core/difficulty.h).
double hashes_of(std::uint64_t difficulty) {
  const double mantissa = 1.0 + std::ldexp(static_cast<double>(difficulty & 0xff'ffffU), -24);
  return std::ldexp(mantissa, static_cast<int>(difficulty >> 24U));
}

bool is_wallet(std::string_view text) {
  return text.size() >= kWalletDigitsMin && text.size() <= kWalletLengthMax && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

class BeamDialect final : public PoolDialect {
 public:
  BeamDialect() { facts_.dialect = "beam"; }

 private:
  Fit miner_says(const Talk& talk) override;
  Fit pool_says(const Talk& talk) override;
  Fit login(const Talk& talk);
  Fit solution(const Talk& talk);
  Fit job(const Talk& talk);
  Fit result(const Talk& talk);
  void note_coin() { facts_.coin = "beam", facts_.algorithm = "beamhash"; }

  JobShelf<double> jobs_;  // expected hashes
};

Fit BeamDialect::miner_says(const Talk& talk) {
  if (talk.method == "login") return login(talk);
  return talk.method == "solution" ? solution(talk) : Fit::none;
}

Fit BeamDialect::login(const Talk& talk) {
  const std::string_view key = talk.json["api_key"].string_or("");
  if (key.empty() || !talk.id.is_string()) return Fit::none;
  requests_.add(talk.id, {kLogin});
  const bool wallet = is_wallet(split_account(key).wallet);
  if (wallet) note_account(key);
  role_ = wallet ? Role::pool : Role::solo;
  greet_weakly();
  return Fit::neutral;
}

Fit BeamDialect::solution(const Talk& talk) {
  const Json& json = talk.json;
  const std::string id = word_of(talk.id);
  const bool whole =
      is_hex(json["nonce"], kNonceDigits, kNonceDigits) && is_hex(json["output"], kSolutionDigits, kSolutionDigits);
  if (id.empty() || !whole) return Fit::none;
  if (note_share(talk, id, hex_digits(json["nonce"].string_or("")))) weigh_share(facts_.shares, std::nullopt);
  const double* hashes = jobs_.find(id);
  requests_.add(talk.id, {kSolution, hashes == nullptr ? 0.0 : *hashes});
  note_coin();
  return Fit::fits;
}

Fit BeamDialect::pool_says(const Talk& talk) {
  if (talk.method == "job") return job(talk);
  if (talk.method == "result") return result(talk);
  return talk.method == "cancel" && talk.id.is_string() ? Fit::neutral : Fit::none;
}

Fit BeamDialect::job(const Talk& talk) {
  const std::string id = word_of(talk.id);
  if (id.empty() || !is_job(talk.json)) return Fit::none;
  note_coin();
  note_job();
  confirm_greeting();
  jobs_.keep(id, hashes_of(talk.json["difficulty"].uint_or(0)), sizeof(double));
  return Fit::fits;
}

Fit BeamDialect::result(const Talk& talk) {
  const Json& json = talk.json;
  const std::int64_t code = json["code"].int_or(-1'000);
  if (!json["code"].is_number() || !talk.id.is_string()) return Fit::none;
  const auto asked = requests_.take(talk.id);
  if (asked && asked->kind == kSolution) {
    note_answer(*asked, code == kAccepted);
    return code >= kAccepted && code <= kExpired ? Fit::fits : Fit::neutral;
  }
  if (code != 0 || !(is_hex(json["nonceprefix"], 0, kNoncePrefixMax) || json["forkheight"].is_number()))
    return Fit::neutral;
  confirm_greeting();
  return Fit::fits;
}

}  // namespace

std::unique_ptr<Dialect> create_beam_dialect() { return std::make_unique<BeamDialect>(); }

}  // namespace davy::mining

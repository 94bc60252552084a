// Chia's pools over HTTP: GET pool_info, GET/POST/PUT farmer, POST partial. Source: the reference pool's specification.
//
// Farming works with disks; its partials are proofs of space, which are counted and not checked.
#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kSignatureDigits = 192;  // BLS, 96 bytes
constexpr std::size_t kKeyDigits = 96;
constexpr std::size_t kProofDigitsMin = 256, kProofDigitsMax = 1'024;

enum Kind : int { other, pool_info, farmer, partial };

bool is_launcher(const Json& payload) {
  return talk::is_0x_hex(payload["launcher_id"], kHashDigits, kHashDigits) &&
         payload["authentication_token"].is_number();
}

bool is_signature(const Json& text) { return talk::is_0x_hex(text, kSignatureDigits, kSignatureDigits); }

bool is_farmer(const Json& json) {
  const Json& payload = json["payload"];
  return is_launcher(payload) && is_signature(json["signature"]) &&
         (talk::is_0x_hex(payload["authentication_public_key"], kKeyDigits, kKeyDigits) ||
          talk::is_text(payload["payout_instructions"]));
}

bool is_partial(const Json& json) {
  const Json& payload = json["payload"];
  const Json& proof = payload["proof_of_space"];
  return is_launcher(payload) && is_signature(json["aggregate_signature"]) &&
         talk::is_0x_hex(proof["challenge"], kHashDigits, kHashDigits) &&
         talk::is_0x_hex(proof["proof"], kProofDigitsMin, kProofDigitsMax);
}

bool is_pool_info(const Json& json) {
  return json["protocol_version"].is_number() && json["minimum_difficulty"].is_number() &&
         json["relative_lock_height"].is_number() &&
         talk::is_0x_hex(json["target_puzzle_hash"], kHashDigits, kHashDigits);
}

class Chia final : public Dialect {
 public:
  Chia() { facts_.dialect = "chia"; }

  Fit see(const Message& message) override {
    static const HttpExchange kNone;
    const HttpExchange& http = message.http != nullptr ? *message.http : kNone;
    const Json empty;
    const Json& json = message.json != nullptr ? *message.json : empty;
    const Fit fit = message.side == Side::client ? ask(json, http, message.at) : answer(json);
    if (fit == Fit::fits) {
      facts_.role = Role::pool, facts_.coin = "chia";
      talk::note_exchange(facts_, message);
    }
    return talk::count(facts_, message.side, fit);
  }

 private:
  Fit remember(int kind, Fit fit) {
    pending_.note(Json(), kind);
    return fit;
  }

  Fit ask(const Json& json, const HttpExchange& http, Timestamp at) {
    const std::string_view name = talk::last_segment(http.target);
    if (is_partial(json)) return hand_in(json, at);
    if (is_farmer(json)) return greet(json["payload"]);
    if (name == "farmer" && asks_for_launcher(http.target)) return remember(farmer, Fit::fits);
    if (name == "pool_info" && json.is_null()) return remember(pool_info, Fit::neutral);
    return remember(other, Fit::none);
  }

  bool asks_for_launcher(std::string_view target) {
    const Json launcher(talk::query_value(target, "launcher_id"));
    const Json signature(talk::query_value(target, "signature"));
    if (!talk::is_0x_hex(launcher, kHashDigits, kHashDigits) || !is_signature(signature)) return false;
    talk::set_once(facts_.worker, launcher.string_or(""));
    return true;
  }

  Fit greet(const Json& payload) {
    facts_.client_greeted = true;
    talk::set_once(facts_.worker, payload["launcher_id"].string_or(""));
    talk::set_once(facts_.account, payload["payout_instructions"].string_or(""));
    return remember(farmer, Fit::fits);
  }

  Fit hand_in(const Json& json, Timestamp at) {
    talk::note_sent(facts_.shares, at);
    ++facts_.shares.unchecked;
    talk::set_once(facts_.worker, json["payload"]["launcher_id"].string_or(""));
    return remember(partial, Fit::fits);
  }

  Fit answer(const Json& json) {
    const int kind = pending_.take(Json(), true).value_or(other);
    if (is_pool_info(json)) {
      if (kind == pool_info) ++facts_.client_fits;
      facts_.server_agreed = true;
      return Fit::fits;
    }
    const bool complaint = json["error_code"].is_number() && json["error_message"].is_string();
    if (kind == partial) return verdict(json, complaint);
    const bool known = kind == farmer && (json["current_difficulty"].is_number() || talk::has(json, "welcome_message"));
    if (known) facts_.server_agreed = true;
    return known ? Fit::fits : kind == other ? Fit::none : Fit::neutral;
  }

  Fit verdict(const Json& json, bool complaint) {
    const bool yes = json["new_difficulty"].is_number();
    if (yes) ++facts_.shares.accepted, ++facts_.jobs;  // the terms of the next partial: a pool says no others
    if (complaint) ++facts_.shares.rejected;
    return yes || complaint ? Fit::fits : Fit::neutral;
  }

  talk::PendingRequests pending_;
};

}  // namespace

std::unique_ptr<Dialect> create_chia_dialect() { return std::make_unique<Chia>(); }

}  // namespace davy::mining

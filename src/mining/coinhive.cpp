// Browser mining as Coinhive introduced it and its successors kept it: {"type": name, "params": {...}}, or the members
// beside "type". Source: the public clones' servers and the messages that they take.
#include <array>

#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::array<std::string_view, 3> kUserKinds = {"anonymous", "user", "token"};

bool is_one_of(std::string_view text, const auto& names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

class Coinhive final : public Dialect {
 public:
  Coinhive() { facts_.dialect = "coinhive"; }

  Fit see(const Message& message) override {
    if (message.json == nullptr || !(*message.json)["type"].is_string())
      return talk::count(facts_, message.side, Fit::none);
    const Json& json = *message.json;
    const Json& body = json["params"].members().empty() ? json : json["params"];
    const std::string_view type = json["type"].string_or("");
    const Fit fit = message.side == Side::client ? client(type, body, message.at) : server(type, body);
    if (fit == Fit::fits) facts_.role = Role::pool;
    return talk::count(facts_, message.side, fit);
  }

 private:
  bool known() const { return facts_.client_fits + facts_.server_fits > 0; }

  Fit client(std::string_view type, const Json& body, Timestamp at) {
    if (type == "auth") return auth(body);
    if (type == "submit" && talk::CryptonoteWork::is_share(body)) {
      work_.note_share(body, at);
      return Fit::fits;
    }
    return type == "verify" && talk::is_text(body["verify_id"]) && talk::CryptonoteWork::is_share(with_id(body))
               ? Fit::fits
               : Fit::none;
  }

  // A share to verify names no job.
  static Json with_id(const Json& body) {
    Json out = Json::object();
    out.set("job_id", body["verify_id"]).set("nonce", body["nonce"]).set("result", body["result"]);
    return out;
  }

  // "type" stands twice where the members are not in "params": then what kind of user it is cannot be asked.
  Fit auth(const Json& body) {
    const bool names_user = talk::has(body, "user") || talk::has(body, "goal");
    const bool kind = is_one_of(body["type"].string_or(""), kUserKinds) || body["type"].string_or("") == "auth";
    if (!talk::is_text(body["site_key"]) || !names_user || !kind) return Fit::none;
    facts_.client_greeted = true;
    talk::set_once(facts_.account, body["site_key"].string_or(""));
    talk::set_once(facts_.worker, body["user"].string_or(""));
    talk::note_wallet(facts_, body["site_key"].string_or(""));
    return Fit::fits;
  }

  Fit server(std::string_view type, const Json& body) {
    if (type == "job" && talk::CryptonoteWork::is_job(body)) {
      work_.note_job(body);
      return Fit::fits;
    }
    if (type == "authed" && talk::is_text(body["token"], 0) && body["hashes"].is_number()) {
      facts_.server_agreed = true;
      return Fit::fits;
    }
    if (type == "hash_accepted" && body["hashes"].is_number()) {
      work_.note_verdict(true);
      return Fit::fits;
    }
    return known() ? complaint(type, body) : Fit::none;
  }

  Fit complaint(std::string_view type, const Json& body) {
    if (type == "error" && talk::is_text(body["error"])) {
      if (work_.awaits_verdict()) work_.note_verdict(false);
      return Fit::neutral;
    }
    return type == "banned" || type == "verified" ? Fit::neutral : Fit::none;
  }

  talk::CryptonoteWork work_{facts_};
};

}  // namespace

std::unique_ptr<Dialect> create_coinhive_dialect() { return std::make_unique<Coinhive>(); }

}  // namespace davy::mining

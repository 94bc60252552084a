// Browser mining through webminerpool and CryptoLoot-like proxies: {"identifier": name, ...}. Source: the public
// server's messages.
#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

class Webminerpool final : public Dialect {
 public:
  Webminerpool() { facts_.dialect = "webminerpool"; }

  Fit see(const Message& message) override {
    if (message.json == nullptr || !(*message.json)["identifier"].is_string())
      return talk::count(facts_, message.side, Fit::none);
    const Json& json = *message.json;
    const std::string_view name = json["identifier"].string_or("");
    const Fit fit = message.side == Side::client ? client(name, json, message.at) : server(name, json);
    if (fit == Fit::fits) facts_.role = Role::pool;
    return talk::count(facts_, message.side, fit);
  }

 private:
  bool known() const { return facts_.client_fits + facts_.server_fits > 0; }

  Fit client(std::string_view name, const Json& json, Timestamp at) {
    if (name == "handshake") return handshake(json);
    if (name != "solved" || !talk::CryptonoteWork::is_share(json)) return Fit::none;
    work_.note_share(json, at);
    return Fit::fits;
  }

  Fit handshake(const Json& json) {
    const bool to_pool = talk::is_text(json["pool"]) && talk::is_text(json["login"]);
    if (!json["version"].is_number() || !(to_pool || talk::is_text(json["loginid"]))) return Fit::none;
    facts_.client_greeted = true;
    talk::set_once(facts_.account, json[to_pool ? "login" : "loginid"].string_or(""));
    talk::set_once(facts_.worker, json["userid"].string_or(""));
    talk::note_wallet(facts_, json["login"].string_or(""));
    return Fit::fits;
  }

  Fit server(std::string_view name, const Json& json) {
    if (name == "job" && talk::CryptonoteWork::is_job(json)) {
      facts_.server_agreed = facts_.server_agreed || facts_.client_greeted;
      work_.note_job(json);
      return Fit::fits;
    }
    if (name == "hashsolved") {
      work_.note_verdict(true);
      return Fit::fits;
    }
    if (!known()) return Fit::none;
    if (name == "error" && work_.awaits_verdict()) work_.note_verdict(false);
    return name == "error" || name == "warning" || name == "userstats" ? Fit::neutral : Fit::none;
  }

  talk::CryptonoteWork work_{facts_};
};

}  // namespace

std::unique_ptr<Dialect> create_webminerpool_dialect() { return std::make_unique<Webminerpool>(); }

}  // namespace davy::mining

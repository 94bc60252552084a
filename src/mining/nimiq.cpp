// Nimiq's pools: {"message": name, ...} over WebSocket. The pool acknowledges no share; it complains about bad ones.
// Source: the public pool's agent. Shares need Argon2d and are not checked here.
#include <algorithm>
#include <charconv>

#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::size_t kAddressCharacters = 36;  // "NQ", two check digits, 32 of base 32; without its spaces
constexpr std::size_t kHashCharacters = 44;     // 32 bytes in base 64
constexpr std::size_t kProofCharactersMax = 16U << 10;

// The address without spaces when its check digits hold (ISO 13616 modulo 97), otherwise nothing.
std::string nimiq_address(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 64))
    if (c != ' ') out.push_back(c);
  if (out.size() != kAddressCharacters || !out.starts_with("NQ")) return {};
  unsigned rest = 0;
  for (const char c : out.substr(4) + out.substr(0, 4)) {
    if (c >= '0' && c <= '9') rest = (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
    else if (c >= 'A' && c <= 'Z') rest = (rest * 100 + static_cast<unsigned>(c - 'A') + 10) % 97;
    else return {};
  }
  return rest == 1 ? out : std::string();
}

bool is_hash(const Json& text) { return talk::is_base64(text, kHashCharacters, kHashCharacters); }
bool is_proof(const Json& text) { return talk::is_base64(text, 8, kProofCharactersMax); }

class Nimiq final : public Dialect {
 public:
  Nimiq() { facts_.dialect = "nimiq"; }

  Fit see(const Message& message) override {
    if (message.json == nullptr || !(*message.json)["message"].is_string())
      return talk::count(facts_, message.side, Fit::none);
    const Json& json = *message.json;
    const std::string_view name = json["message"].string_or("");
    const Fit fit = message.side == Side::client ? client(name, json, message.at) : server(name, json);
    if (fit == Fit::fits) facts_.role = Role::pool, facts_.coin = "nimiq", facts_.algorithm = "argon2d";
    return talk::count(facts_, message.side, fit);
  }

 private:
  bool known() const { return facts_.client_fits + facts_.server_fits > 0; }

  Fit client(std::string_view name, const Json& json, Timestamp at) {
    if (name == "register") return greet(json);
    if (name == "payout") return known() ? Fit::neutral : Fit::none;
    const bool smart = is_proof(json["blockHeader"]) && is_proof(json["minerAddrProof"]);
    if (name != "share" || !(smart || (is_proof(json["block"]) && json["block"].string_or("").size() >= 128)))
      return Fit::none;
    talk::note_sent(facts_.shares, at);
    ++facts_.shares.unchecked;
    return Fit::fits;
  }

  Fit greet(const Json& json) {
    const std::string address = nimiq_address(json["address"].string_or(""));
    const std::string_view mode = json["mode"].string_or("");
    if (address.empty() || (mode != "smart" && mode != "nano" && mode != "dumb")) return Fit::none;
    if (!json["deviceId"].is_number() && !is_hash(json["genesisHash"])) return Fit::none;
    facts_.client_greeted = true;
    talk::set_once(facts_.account, json["address"].string_or(""));
    facts_.wallet = address, facts_.wallet_coin = "nimiq";
    if (json["deviceId"].is_number()) facts_.worker = json["deviceId"].dump();
    talk::set_once(facts_.agent, json["deviceData"].string_or(json["deviceName"].string_or("")));
    return Fit::fits;
  }

  Fit server(std::string_view name, const Json& json) {
    if (name == "settings" && !nimiq_address(json["address"].string_or("")).empty() && is_proof(json["extraData"]) &&
        (json["targetCompact"].is_number() || json["target"].is_number())) {
      facts_.server_agreed = true, ++facts_.jobs;
      return Fit::fits;
    }
    if (name == "new-block" && is_hash(json["bodyHash"]) && is_hash(json["accountsHash"])) {
      ++facts_.jobs;
      return Fit::fits;
    }
    if (name == "balance" && json["balance"].is_number() && json["confirmedBalance"].is_number())
      return talk::has(json, "payoutRequestActive") ? Fit::fits : Fit::neutral;
    return known() ? answer(name, json) : Fit::none;
  }

  Fit answer(std::string_view name, const Json& json) {
    if (name == "registered") return Fit::neutral;
    if (name != "error" && name != "invalid-share") return Fit::none;
    if (name == "invalid-share" || json["reason"].string_or("").starts_with("invalid share")) ++facts_.shares.rejected;
    return Fit::neutral;
  }
};

}  // namespace

std::unique_ptr<Dialect> create_nimiq_dialect() { return std::make_unique<Nimiq>(); }

}  // namespace davy::mining

// Solo mining against an Ergo node: GET /mining/candidate, POST /mining/solution. Source: the node's API description.
//
// A GET of that path counts when its answer is a candidate. Solutions need Autolykos and are not checked here.
#include <cmath>

#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kKeyDigits = 66;  // a compressed point
constexpr std::size_t kNonceDigits = 16;

enum Kind : int { other, aside, candidate, solution };

class ErgoNode final : public Dialect {
 public:
  ErgoNode() { facts_.dialect = "ergo_node"; }

  Fit see(const Message& message) override {
    static const HttpExchange kNone;
    const HttpExchange& http = message.http != nullptr ? *message.http : kNone;
    const Json empty;
    const Json& json = message.json != nullptr ? *message.json : empty;
    const Fit fit = message.side == Side::client ? ask(json, http, message.at) : answer(json, http);
    if (fit == Fit::fits) {
      facts_.role = Role::solo, facts_.coin = "ergo", facts_.algorithm = "autolykos2";
      talk::note_exchange(facts_, message);
    }
    return talk::count(facts_, message.side, fit);
  }

 private:
  Fit ask(const Json& json, const HttpExchange& http, Timestamp at) {
    const std::string_view path = talk::path_of(http.target);
    const bool handed_in = path == "/mining/solution" && talk::is_hex(json["n"], kNonceDigits, kNonceDigits);
    const bool asked = path == "/mining/candidate" || path == "/mining/candidateWithTxs";
    const bool beside = path == "/mining/rewardAddress" || path == "/mining/rewardPublicKey";
    pending_.note(Json(), handed_in ? solution : asked ? candidate : beside ? aside : other);
    if (!handed_in) return asked || beside ? Fit::neutral : Fit::none;
    talk::note_sent(facts_.shares, at);
    ++facts_.shares.unchecked;
    return Fit::fits;
  }

  Fit answer(const Json& json, const HttpExchange& http) {
    const int kind = pending_.take(Json(), true).value_or(other);
    if (talk::is_hex(json["msg"], kHashDigits, kHashDigits) && talk::is_hex(json["pk"], kKeyDigits, kKeyDigits) &&
        json["b"].is_number()) {
      if (kind == candidate) ++facts_.client_fits;
      facts_.client_greeted = facts_.client_greeted || kind == candidate;
      facts_.server_agreed = true, ++facts_.jobs;
      boundary_ = json["b"].double_or(0.0);
      return Fit::fits;
    }
    if (kind == solution && http.status > 0) note_verdict(http.status);
    return kind == other ? Fit::none : Fit::neutral;
  }

  void note_verdict(int status) {
    const bool yes = status == 200;
    ++(yes ? facts_.shares.accepted : facts_.shares.rejected);
    if (yes && boundary_ > 1.0) facts_.shares.expected_hashes += std::exp2(256.0 - std::log2(boundary_));
  }

  talk::PendingRequests pending_;
  double boundary_ = 0.0;  // "b": a solution's hash is below it
};

}  // namespace

std::unique_ptr<Dialect> create_ergo_node_dialect() { return std::make_unique<ErgoNode>(); }

}  // namespace davy::mining

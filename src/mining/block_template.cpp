// Solo mining against a node over HTTP: getwork and getblocktemplate of Bitcoin's family, and monerod's.
//
// A question such as {"method":"getwork"} alone could come from anybody who tries names, so it counts only when its
// answer is work, when it carries the headers that only miners send, or when it hands in a block. What is handed in is
// hashed here with SHA-256 twice; a header that does not meet its own target that way may be of another algorithm and
// stays unchecked. Sources: Bitcoin's wiki (getwork, BIP 22, BIP 23), monerod's RPC guide.
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "base/hash.h"
#include "mining/number256.h"
#include "mining/share_proof.h"
#include "mining/talk_parts.h"
#include "mining/wallet.h"

namespace davy::mining {
namespace {

constexpr std::size_t kBlockDigitsMin = 160;
constexpr std::size_t kBlockDigitsMax = 64U << 10;
constexpr std::size_t kWorkDigits = 256;  // getwork's padded header
constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kForeignAddressMin = 90, kForeignAddressMax = 110;  // Monero's relatives

constexpr std::array<std::string_view, 5> kPolled = {"/getheight", "/get_height", "/getinfo", "/get_info",
                                                     "/mining_status"};

enum Kind : int { other, small_talk, work, asked_unproven, share };

// Bitcoin's compact form: mantissa of three bytes and an exponent of 256.
std::optional<Number256> target_of_compact(std::uint32_t compact) {
  const std::size_t exponent = compact >> 24U;
  if (exponent < 3 || exponent > 32 || (compact & 0x0080'0000U) != 0 || (compact & 0x00ff'ffffU) == 0)
    return std::nullopt;
  Number256 out{};
  for (std::size_t i = 0; i < 3; ++i) out[32 - exponent + i] = static_cast<std::uint8_t>(compact >> (16 - 8 * i));
  return out;
}

bool meets(ByteView header, const Number256& target) { return number_of_digest(sha256(sha256(header))) <= target; }

// getwork sends the header as words of the other byte order.
Bytes unswapped(ByteView data) {
  Bytes out(data.begin(), data.end());
  for (std::size_t i = 0; i + 4 <= out.size(); i += 4)
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(i), out.begin() + static_cast<std::ptrdiff_t>(i + 4));
  return out;
}

bool is_address(std::string_view text) {
  if (parse_wallet(text)) return true;
  return text.size() >= kForeignAddressMin && text.size() <= kForeignAddressMax &&
         std::ranges::all_of(text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

class BlockTemplate final : public Dialect {
 public:
  BlockTemplate() { facts_.dialect = "getblocktemplate"; }

  Fit see(const Message& message) override {
    static const HttpExchange kNone;
    const HttpExchange& http = message.http != nullptr ? *message.http : kNone;
    const Json empty;
    const Json& json = message.json != nullptr ? *message.json : empty;
    const Fit fit = message.side == Side::client ? ask(json, http, message.at) : answer(json, message.http != nullptr);
    if (fit == Fit::fits) {
      facts_.role = Role::solo;
      talk::note_exchange(facts_, message);
    }
    return talk::count(facts_, message.side, fit);
  }

 private:
  Fit remember(const Json& json, int kind, Fit fit) {
    pending_.note(json["id"], kind);
    return fit;
  }

  Fit ask(const Json& json, const HttpExchange& http, Timestamp at) {
    const std::string_view method = json["method"].string_or("");
    if (method.empty()) return ask_path(json, http);
    if (method == "getblocktemplate" || method == "get_block_template") return ask_template(json, http);
    if (method == "submitblock" || method == "submit_block") return hand_in(json, http, at);
    if (method == "getwork") return ask_work(json, http, at);
    if (method == "get_miner_data") return remember(json, asked_unproven, Fit::neutral);
    if (method == "calc_pow" && talk::is_hex(json["params"]["block_blob"], kBlockDigitsMin / 2, kBlockDigitsMax))
      return remember(json, work, is_monero());
    const bool harmless = talk::is_small_talk(method);
    return remember(json, harmless ? small_talk : other, harmless ? Fit::neutral : Fit::none);
  }

  Fit ask_path(const Json& json, const HttpExchange& http) {
    const std::string_view path = talk::path_of(http.target);
    if (path == "/start_mining" && is_address(json["miner_address"].string_or("")) &&
        json["threads_count"].is_number()) {
      greet_monero(json["miner_address"].string_or(""));
      return remember(json, small_talk, Fit::fits);
    }
    const bool polled = std::ranges::find(kPolled, path) != kPolled.end();
    if (http.mining_header) return remember(json, small_talk, polled ? is_monero() : Fit::neutral);
    return remember(json, polled ? small_talk : other, polled ? Fit::neutral : Fit::none);
  }

  Fit is_monero() {
    facts_.dialect = "monerod";
    return Fit::fits;
  }

  void greet_monero(std::string_view address) {
    is_monero();
    facts_.client_greeted = true;
    talk::set_once(facts_.account, address);
    talk::note_wallet(facts_, address);
  }

  Fit ask_template(const Json& json, const HttpExchange& http) {
    const Json& params = json["params"];
    if (is_address(params["wallet_address"].string_or(""))) {
      greet_monero(params["wallet_address"].string_or(""));
      return remember(json, work, Fit::fits);
    }
    if (!params.is_array() && !params.is_null()) return remember(json, other, Fit::none);
    const Json& wish = params.items().empty() ? params : params.items().front();
    const bool miner = wish["capabilities"].is_array() || wish["rules"].is_array() || http.mining_header;
    facts_.client_greeted = facts_.client_greeted || miner;
    return remember(json, miner ? work : asked_unproven, miner ? Fit::fits : Fit::neutral);
  }

  Fit ask_work(const Json& json, const HttpExchange& http, Timestamp at) {
    const Json::Array& params = json["params"].items();
    if (!params.empty() && talk::is_hex(params.front(), kWorkDigits, kWorkDigits)) {
      facts_.dialect = "getwork";
      note_work_share(params.front().string_or(""), at);
      return remember(json, share, Fit::fits);
    }
    if (!params.empty()) return remember(json, other, Fit::none);
    if (http.mining_header) facts_.dialect = "getwork", facts_.client_greeted = true;
    return remember(json, http.mining_header ? work : asked_unproven, http.mining_header ? Fit::fits : Fit::neutral);
  }

  Fit hand_in(const Json& json, const HttpExchange& http, Timestamp at) {
    const Json::Array& params = json["params"].items();
    if (params.empty() || !talk::is_hex(params.front(), kBlockDigitsMin, kBlockDigitsMax))
      return remember(json, other, Fit::none);
    const std::string_view block = params.front().string_or("");
    const bool monero = facts_.dialect == "monerod" || talk::path_of(http.target) == "/json_rpc";
    if (monero) is_monero();
    talk::note_sent(facts_.shares, at);
    if (monero) ++facts_.shares.unchecked;
    else if (distinct_.is_new(block.substr(0, kBlockDigitsMin), "")) check_block(block.substr(0, kBlockDigitsMin));
    return remember(json, share, Fit::fits);
  }

  void check_block(std::string_view header_digits) {
    const auto header = from_hex(header_digits);
    const auto compact = header ? read_u32_le(*header, 72) : std::nullopt;
    const auto target = compact ? target_of_compact(*compact) : std::nullopt;
    note_checked(target, target && meets(*header, *target));
  }

  void note_work_share(std::string_view data, Timestamp at) {
    talk::note_sent(facts_.shares, at);
    if (!distinct_.is_new(data.substr(0, kBlockDigitsMin), "")) return;
    const auto bytes = from_hex(data.substr(0, kBlockDigitsMin));
    note_checked(work_target_, bytes && work_target_ && meets(unswapped(*bytes), *work_target_));
  }

  // The server's word counts the work of other algorithms too, but what was not recomputed proves nothing.
  void note_checked(const std::optional<Number256>& target, bool valid) {
    const double bits = target ? bits_of_target(*target) : 0.0;
    share_hashes_ = target && std::isfinite(bits) ? std::exp2(bits) : 0.0;
    ++(valid ? facts_.shares.valid : facts_.shares.unchecked);
    if (!valid) return;
    facts_.shares.recomputed = true;
    if (bits < kTrivialBits) return;
    facts_.shares.bits += bits;
    talk::set_once(facts_.algorithm, "sha256d");
    talk::set_once(facts_.coin, "bitcoin");
  }

  // Replies keep the order of their requests over HTTP.
  Fit answer(const Json& json, bool in_order) {
    const int kind = pending_.take(json["id"], in_order).value_or(other);
    const Json& result = json["result"];
    if (is_template(result) || is_work(result) || is_monero_work(result)) {
      if (kind == asked_unproven) ++facts_.client_fits;
      facts_.server_agreed = true, ++facts_.jobs;
      return Fit::fits;
    }
    if (kind == share) note_verdict(json);
    return kind == other ? Fit::none : Fit::neutral;
  }

  bool is_template(const Json& result) {
    return talk::is_hex(result["previousblockhash"], kHashDigits, kHashDigits) && talk::is_hex(result["bits"], 8, 8) &&
           result["height"].is_number() && (result["transactions"].is_array() || result["coinbasevalue"].is_number());
  }

  bool is_work(const Json& result) {
    const bool fits = talk::is_hex(result["data"], kWorkDigits, kWorkDigits) &&
                      talk::is_hex(result["target"], kHashDigits, kHashDigits);
    if (!fits) return false;
    facts_.dialect = "getwork";
    const auto bytes = from_hex(result["target"].string_or(""));
    std::array<std::uint8_t, 32> digest{};
    if (bytes) std::copy_n(bytes->begin(), digest.size(), digest.begin());
    work_target_ = number_of_digest(digest);
    return true;
  }

  bool is_monero_work(const Json& result) {
    const bool block = talk::is_hex(result["blocktemplate_blob"], kBlockDigitsMin, kBlockDigitsMax) &&
                       result["height"].is_number() && result["difficulty"].is_number();
    const bool data = result["tx_backlog"].is_array() && talk::is_0x_hex(result["prev_id"], kHashDigits, kHashDigits) &&
                      result["height"].is_number();
    if (!block && !data) return false;
    is_monero();
    if (talk::is_hex(result["seed_hash"], kHashDigits, kHashDigits)) talk::set_once(facts_.algorithm, "rx/0");
    if (data) talk::set_once(facts_.coin, "monero");
    return true;
  }

  // Bitcoin says null for yes, getwork true, monerod {"status":"OK"}.
  void note_verdict(const Json& json) {
    const Json& result = json["result"];
    const bool known = talk::has(json, "result") || talk::has(json, "error");
    if (!known) return;
    const bool yes = json["error"].is_null() &&
                     (result.is_null() || result.bool_or(false) || result["status"].string_or("") == "OK");
    ++(yes ? facts_.shares.accepted : facts_.shares.rejected);
    if (yes) facts_.shares.expected_hashes += std::exchange(share_hashes_, 0.0);
  }

  talk::PendingRequests pending_;
  talk::DistinctShares distinct_;
  std::optional<Number256> work_target_;
  double share_hashes_ = 0.0;  // behind the share that was handed in last
};

}  // namespace

std::unique_ptr<Dialect> create_block_template_dialect() { return std::make_unique<BlockTemplate>(); }

}  // namespace davy::mining

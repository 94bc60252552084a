// Grin and MimbleWimbleCoin: JSON-RPC whose replies repeat the method. Source: the Stratum notes of mimblewimble/docs.
//
// A login counts once the pool sends a job: heights, difficulty and the header before its proof. A share is a cycle of
// edges, which is counted and not checked here.
#include "mining/pool_talk.h"

namespace davy::mining {
namespace {

enum Kind : std::uint8_t { kSubmit, kOther };

constexpr std::size_t kHeaderDigitsMin = 160, kHeaderDigitsMax = 2'048;
constexpr std::size_t kCycleMin = 32, kCycleMax = 48;  // edges: 42, by one hard fork 48

bool is_count(const Json& value) { return value.is_number() && value.int_or(-1) >= 0; }

bool is_job(const Json& job) {
  return is_count(job["height"]) && is_count(job["difficulty"]) && is_count(job["job_id"]) &&
         is_hex(job["pre_pow"], kHeaderDigitsMin, kHeaderDigitsMax);
}

bool is_cycle(const Json& cycle) {
  const auto& edges = cycle.items();
  return edges.size() >= kCycleMin && edges.size() <= kCycleMax &&
         std::ranges::all_of(edges, [](const Json& edge) { return edge.is_number(); });
}

class GrinDialect final : public PoolDialect {
 public:
  GrinDialect() { facts_.dialect = "grin"; }

 private:
  Fit miner_says(const Talk& talk) override;
  Fit pool_says(const Talk& talk) override;
  Fit login(const Talk& talk);
  Fit submit(const Talk& talk);
  Fit reply(const Talk& talk);
  Fit take_job(const Json& job);
};

Fit GrinDialect::miner_says(const Talk& talk) {
  if (talk.method == "login") return login(talk);
  if (talk.method == "submit") return submit(talk);
  if (talk.method == "getjobtemplate" || talk.method == "keepalive" || talk.method == "status") {
    requests_.add(talk.id, {kOther});
    return talk.method == "getjobtemplate" && talk.params.items().empty() ? Fit::fits : Fit::neutral;
  }
  return Fit::none;
}

Fit GrinDialect::login(const Talk& talk) {
  const Json& params = talk.params;
  if (!params["login"].is_string() || !params["pass"].is_string() || !params["agent"].is_string()) return Fit::none;
  requests_.add(talk.id, {kOther});
  note_account(params["login"].string_or(""));
  facts_.agent = fact_text(params["agent"].string_or(""));
  greet_weakly();
  return Fit::neutral;
}

Fit GrinDialect::submit(const Talk& talk) {
  const Json& params = talk.params;
  if (!is_cycle(params["pow"]) || !is_count(params["height"]) || !is_count(params["job_id"])) return Fit::none;
  const std::string job = word_of(params["height"]).append("/").append(word_of(params["job_id"]));
  if (note_share(talk, job, word_of(params["nonce"]))) weigh_share(facts_.shares, std::nullopt);
  const std::int64_t edge_bits = params["edge_bits"].int_or(0);
  if (edge_bits == 29) facts_.algorithm = "cuckaroo29";
  if (edge_bits > 29 && edge_bits < 64) facts_.algorithm = "cuckatoo" + std::to_string(edge_bits);
  facts_.coin = "grin";
  requests_.add(talk.id, {kSubmit});
  return Fit::fits;
}

Fit GrinDialect::pool_says(const Talk& talk) {
  if (talk.method == "job" && is_job(talk.params)) return take_job(talk.params);
  const bool answers = !talk.result.is_null() || !talk.error.is_null();
  return answers ? reply(talk) : Fit::none;
}

// The method stands in the reply as well, so a reply says what it answers even when the request was not seen.
Fit GrinDialect::reply(const Talk& talk) {
  const auto asked = requests_.take(talk.id);
  if (is_job(talk.result)) return take_job(talk.result);
  if (talk.method == "submit" && asked && asked->kind == kSubmit) {
    note_answer(*asked, !talk.failed());
    return Fit::fits;
  }
  const Json& result = talk.result;
  if (talk.method == "status" && is_count(result["accepted"]) && is_count(result["stale"])) return Fit::fits;
  return talk.failed() || result.is_string() ? Fit::neutral : Fit::none;
}

Fit GrinDialect::take_job(const Json&) {
  facts_.coin = "grin";
  note_job();
  confirm_greeting();
  return Fit::fits;
}

}  // namespace

std::unique_ptr<Dialect> create_grin_dialect() { return std::make_unique<GrinDialect>(); }

}  // namespace davy::mining

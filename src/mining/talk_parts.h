// What several dialects need to read their messages: shapes of members, requests that wait for a reply, and the work
// that browser miners exchange.
//
// Functions are pure and thread-safe; objects belong to one connection. Everything is bounded: texts by kFactBytesMax,
// requests by kRequestsKeptMax, jobs by kJobsKeptMax, shares by kSharesRememberedMax.
//
//   talk::CryptonoteWork work(facts_);
//   work.note_job(message["params"]);
//   work.note_share(submit["params"], at);   // checks it against that job
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "mining/dialect.h"

namespace davy::mining::talk {

inline constexpr std::size_t kRequestsKeptMax = 32;
inline constexpr std::size_t kSharesWaitingMax = 64;  // sent, and not yet answered

// Whole bytes in hexadecimal, at least and at most so many digits, nothing around them.
bool is_hex_digits(std::string_view text, std::size_t digits_min, std::size_t digits_max);
bool is_hex(const Json& text, std::size_t digits_min, std::size_t digits_max);
// The same behind an optional "0x".
bool is_0x_hex(const Json& text, std::size_t digits_min, std::size_t digits_max);
// Base64 with its padding (RFC 4648, section 4) of at least and at most so many characters.
bool is_base64(const Json& text, std::size_t min, std::size_t max);
bool is_text(const Json& text, std::size_t min = 1, std::size_t max = kFactBytesMax);
bool has(const Json& object, std::string_view name);

// "/a/farmer?x=1" -> "farmer"; and the value of a name in its query, empty when there is none.
std::string_view last_segment(std::string_view target);
std::string_view path_of(std::string_view target);
std::string_view query_value(std::string_view target, std::string_view name);

// What miners, pools and wallets alike ask nodes by the way: it tells nobody apart.
bool is_small_talk(std::string_view method);

// Printable and at most kFactBytesMax.
std::string fact_text(std::string_view text);
void set_once(std::string& fact, std::string_view text);
// A wallet before ".worker", "+difficulty" and the like.
void note_wallet(ConversationFacts& facts, std::string_view user);
// User agent and Basic user of a request.
void note_exchange(ConversationFacts& facts, const Message& message);
// Adds a message to the counts of its side and returns its fit.
Fit count(ConversationFacts& facts, Side side, Fit fit);
void note_sent(ShareFacts& shares, Timestamp at);

// Requests of one connection, so that replies can be told apart: by id, or in order where the carrier keeps it.
class PendingRequests {
 public:
  void note(const Json& id, int kind);
  // The kind of the request that is answered, which is forgotten; nothing when it was not seen.
  std::optional<int> take(const Json& id, bool in_order);

 private:
  struct Waiting {
    std::string id;
    int kind;
  };
  std::vector<Waiting> waiting_;  // the oldest first
};

// Tells distinct shares from repeated ones, as long as it remembers them.
class DistinctShares {
 public:
  bool is_new(std::string_view job, std::string_view nonce);

 private:
  std::unordered_set<std::uint64_t> known_;
  std::vector<std::uint64_t> order_;  // a ring, once it is full
  std::size_t oldest_ = 0;
};

// Jobs {job_id, blob, target} and shares {job_id, nonce, result} of CryptoNote as browsers exchange them.
class CryptonoteWork {
 public:
  explicit CryptonoteWork(ConversationFacts& facts) : facts_(facts) {}

  static bool is_job(const Json& job);
  static bool is_share(const Json& share);
  void note_job(const Json& job);
  void note_share(const Json& share, Timestamp at);
  void note_verdict(bool accepted);
  bool awaits_verdict() const { return !waiting_.empty(); }

 private:
  struct Job {
    std::string id, target;
  };
  void check(std::string_view target, std::string_view result);

  ConversationFacts& facts_;
  std::vector<Job> jobs_;        // the oldest first
  std::vector<double> waiting_;  // expected hashes of shares that were not answered yet
  DistinctShares distinct_;
};

}  // namespace davy::mining::talk

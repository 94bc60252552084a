// What the dialects share in which miners and pools speak JSON-RPC: who of the two sides is the miner, which reply
// answers which request, the jobs at hand, the count of shares, and the parts of an account's name.
//
// A dialect derives from PoolDialect and says of each message what it is; the rest is counted here. Not thread-safe;
// one object a connection. Limits: kRequestsKeptMax requests without a reply, kJobsKeptMax jobs of together
// kJobBytesMax, kSharesRememberedMax shares; the oldest is forgotten first. Foreign bytes: fuzzed.
//
//   class Dialect final : public PoolDialect {
//     Fit miner_says(const Talk& talk) override { return talk.method == "solution" ? note(talk) : Fit::none; }
//     Fit pool_says(const Talk& talk) override { ... }
//   };
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mining/dialect.h"
#include "mining/share_proof.h"

namespace davy::mining {

inline constexpr std::size_t kRequestsKeptMax = 64;
inline constexpr std::size_t kJobBytesMax = 64U << 10;

// Printable, at most kFactBytesMax, cut between two characters.
std::string fact_text(std::string_view text);

// A text or an integer as text, as ids of jobs are written; empty for anything else.
std::string word_of(const Json& value);

// Between `least` and `most` hexadecimal digits and nothing else; "0x" may stand before them.
bool is_hex(const Json& value, std::size_t least, std::size_t most);
bool is_hex(std::string_view text, std::size_t least, std::size_t most);
inline bool is_hash(const Json& value) { return is_hex(value, 64, 64); }

// The digits behind "0x", in lower case.
std::string hex_digits(std::string_view text);

// 2^256 / target, 0 when the target is none.
double hashes_of_target(std::string_view target);

// "wallet.worker", "wallet+difficulty.worker", "wallet/worker/mail", "wallet~algorithm", "coin:wallet".
struct Account {
  std::string_view wallet;  // with what stands before its colon
  std::string_view worker;  // empty when none is named
};
Account split_account(std::string_view account);

// What is remembered of a request until its reply comes.
struct Request {
  std::uint8_t kind = 0;  // the dialect's own
  double hashes = 0.0;    // expected behind the share that it is
};

// Requests by id. Ids may be reused, as early miners do: the oldest is answered first.
class RequestTable {
 public:
  void add(const Json& id, Request request);
  std::optional<Request> take(const Json& id);

 private:
  std::vector<std::pair<std::uint64_t, Request>> waiting_;
};

// Jobs by id. When an id is reused the newest counts.
template <class Job>
class JobShelf {
 public:
  // `bytes`: roughly what the job's texts take.
  void keep(std::string_view id, Job job, std::size_t bytes) {
    if (id.empty() || id.size() > kFactBytesMax || bytes > kJobBytesMax) return;
    jobs_.push_back({std::string(id), std::move(job), bytes + id.size()});
    bytes_ += bytes + id.size();
    while (jobs_.size() > kJobsKeptMax || bytes_ > kJobBytesMax + kFactBytesMax) {
      bytes_ -= jobs_.front().bytes;
      jobs_.erase(jobs_.begin());
    }
  }

  const Job* find(std::string_view id) const {
    const auto at = std::find_if(jobs_.rbegin(), jobs_.rend(), [&](const Entry& entry) { return entry.id == id; });
    return at == jobs_.rend() ? nullptr : &at->job;
  }

 private:
  struct Entry {
    std::string id;
    Job job;
    std::size_t bytes;
  };
  std::vector<Entry> jobs_;
  std::size_t bytes_ = 0;
};

// Remembers the newest shares, to tell distinct ones from repeated ones.
class ShareMemory {
 public:
  // False when it was there already.
  bool remember(std::string_view job, std::string_view nonce);

 private:
  std::vector<std::uint64_t> seen_;
  std::size_t next_ = 0;
};

// Adds one distinct share: valid, invalid, or unchecked when there is no proof.
void weigh_share(ShareFacts& facts, const std::optional<ShareProof>& proof);

class PoolDialect : public Dialect {
 public:
  Fit see(const Message& message) final;

 protected:
  // One message, its members at hand; those that are missing are null. References are valid during the call.
  struct Talk {
    const Message& message;
    const Json& json;
    const Json& id;
    std::string_view method;  // empty in replies
    const Json& params;
    const Json& result;
    const Json& error;

    bool is_reply() const { return method.empty() && (!result.is_null() || !error.is_null() || !id.is_null()); }
    bool failed() const { return !error.is_null() || result == Json(false); }
  };

  // What the message is in this dialect. When it is none of it, nothing may have changed.
  virtual Fit miner_says(const Talk& talk) = 0;
  virtual Fit pool_says(const Talk& talk) = 0;
  virtual bool travels_by(Carrier carrier) const { return carrier != Carrier::http; }

  // Fills account, worker and, when its checksum holds, wallet.
  void note_account(std::string_view account);
  // A greeting that other programs could have sent as well: counted once the pool answers it as pools do.
  void greet_weakly() { greeted_weakly_ = true; }
  void confirm_greeting();
  void note_job() { ++facts_.jobs; }
  // Counts the share; true when it is new and is to be weighed.
  bool note_share(const Talk& talk, std::string_view job, std::string_view nonce);
  // The pool's word on a share.
  void note_answer(const Request& share, bool accepted);
  bool has_fits() const { return facts_.client_fits + facts_.server_fits > 0; }

  RequestTable requests_;
  Role role_ = Role::pool;  // what the conversation is for, once a message fits

 private:
  Fit listen(const Talk& talk);

  ShareMemory shares_;
  bool greeted_weakly_ = false;
};

}  // namespace davy::mining

// The cycle of shares seen through encryption: sizes, sides and times of records are enough to tell a miner from other
// long-lived talk.
//
// A miner sends shares of one size, each answered by a short message of one size; in between the server pushes jobs of
// one size that nobody asked for. Nobody can choose when a share is found, so that gaps are spread like those of a
// Poisson process: timers, loops and polls are not. What is left could be any program that sends events as they
// happen, so that marks of the dialect have to come on top (CycleMark): the sizes of its opening and how they fit those
// of jobs and answers, jobs pushed, and numbers of messages that grow by a digit in a share and its answer at once.
//
// Sizes are those of the plaintext: the caller says what the cipher adds to each record. Records that were written in
// two pieces are joined; two shares in one record, or an answer and a job in one, are understood; padding to multiples
// of 16 or more bytes is allowed for. Every number that the judgement rests on is in CycleFinding. Deterministic; not
// thread-safe; one object a flow, of less than a kilobyte (static_assert below).
//
//   TlsCycle cycle(true);
//   if (cycle.see(Side::client, 208 - 22, at)) report(cycle.judge());
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "mining/cycle/cycle_opening.h"

namespace davy::mining {

inline constexpr std::size_t kCycleRecordsKept = 64;
inline constexpr std::uint32_t kCycleSharesMin = 8;  // of the whole flow
inline constexpr std::size_t kUnknownOverhead = 22;  // to subtract when the cipher is not known: TLS 1.3

// What on top of a cycle tells a dialect from other events that are reported as they happen.
enum CycleMark : std::uint8_t {
  kGreeted = 1,  // the client spoke first, with a message as long as a login, and the answer is as long as that to one
  kAcknowledged = 2,  // the opening holds an answer as long as the answers to shares
  kRelated = 4,       // jobs are shorter than the login's answer by what stands around the first job in it
  kCounted = 8,       // share and answer grew by a byte together, and stayed so: their number got a digit
  kPushed = 16,       // jobs came that nobody asked for, all alike
  kPushedOften = 32,  // three of them and more
  kTypical = 64,      // shares and answers are just as long as those of the miners that nearly all use
};
inline constexpr CycleMark kAllCycleMarks[] = {kGreeted, kAcknowledged, kRelated, kCounted,
                                               kPushed,  kPushedOften,  kTypical};
std::string_view name_of(CycleMark mark);  // "greeted", ...

// Sets of marks; all those of one set together suffice. An empty set is none.
struct MarkSets {
  std::uint8_t first = 0, second = 0, third = 0;

  bool has(std::uint8_t marks) const {
    const auto holds = [&](std::uint8_t set) { return set != 0 && (marks & set) == set; };
    return holds(first) || holds(second) || holds(third);
  }
};

// What one dialect's cycle looks like. Where an answer can only be one sentence ({"id":7,"result":true,"error":null}),
// its band is as narrow as that sentence with its spaces and digits. The sizes come from real conversations in clear,
// widened for longer names.
struct CycleProfile {
  std::string_view name;
  SizeBand share, reply, push;            // in which the narrow bands of a flow have to lie
  SizeBand other;                         // whatever else the client says now and then: keep-alives, polls, reports
  SizeBand hello, welcome;                // the first message of each side
  SizeBand welcome_over_push;             // how much longer the login's answer is than a job; none when high is 0
  SizeBand typical_share, typical_reply;  // of the miners and pools that nearly all use; none when high is 0
  std::uint32_t push_step;                // jobs are alike but for so many of these bytes: hashes of a Merkle branch
  std::uint32_t shares_min;               // among the records that are kept
  std::uint32_t others_per_share;         // at most
  std::uint32_t pushes_min;
  MarkSets enough;       // of a flow that is seen from its start
  MarkSets enough_late;  // of one that is not: its opening is not known
  double budget;         // share of other long-lived request/response flows that may be taken for it; tests hold it
};
inline constexpr CycleProfile kCycleProfiles[] = {
    {.name = "cryptonote",
     .share = {140, 290},
     .reply = {36, 110},
     .push = {230, 520},
     .other = {60, 139},
     .hello = {90, 760},
     .welcome = {290, 900},
     .welcome_over_push = {25, 160},
     .typical_share = {181, 190},
     .typical_reply = {61, 67},
     .shares_min = 8,
     .others_per_share = 2,
     .pushes_min = 0,
     .enough = {kGreeted | kRelated, kGreeted | kCounted, kGreeted | kTypical},
     .enough_late = {kCounted | kPushedOften},
     .budget = 0.001},
    {.name = "equihash",
     .share = {2'760, 2'960},
     .reply = {20, 70},
     .push = {260, 360},
     .other = {50, 130},
     .hello = {80, 200},
     .welcome = {45, 420},
     .typical_share = {2'810, 2'890},
     .typical_reply = {20, 60},
     .shares_min = 6,
     .others_per_share = 2,
     .pushes_min = 0,
     .enough = {kGreeted | kPushed, kGreeted | kTypical},
     .enough_late = {kPushedOften},
     .budget = 0.001},
    {.name = "ethproxy",
     .share = {190, 320},
     .reply = {28, 72},
     .push = {180, 360},
     .other = {36, 180},
     .hello = {80, 260},
     .welcome = {28, 360},
     .shares_min = 2,
     .others_per_share = 30,
     .pushes_min = 8,
     .enough = {kGreeted | kAcknowledged | kPushedOften},
     .enough_late = {kPushedOften},
     .budget = 0.001},
    {.name = "stratum",
     .share = {90, 230},
     .reply = {34, 43},
     .push = {260, 2'400},
     .other = {36, 140},
     .hello = {40, 140},
     .welcome = {60, 2'900},
     .typical_share = {95, 132},
     .typical_reply = {34, 40},
     .push_step = 67,
     .shares_min = 8,
     .others_per_share = 2,
     .pushes_min = 1,
     .enough = {kGreeted | kAcknowledged | kPushedOften, kGreeted | kAcknowledged | kCounted | kPushed,
                kGreeted | kAcknowledged | kTypical | kPushed},
     .enough_late = {kCounted | kPushedOften},
     .budget = 0.001},
};

struct CycleFinding {
  std::string_view profile;
  std::uint32_t shares = 0;  // since the flow was first seen
  SizeBand client, server;   // the narrow bands of shares and answers
  SizeBand pushes;           // all jobs
  double median_gap_s = 0;
  double gap_spread = 0;  // standard deviation of the gaps' logarithms: 0 a timer, 1.28 a Poisson process
  // Of the records kept:
  std::uint32_t records = 0, unexplained = 0;
  std::uint32_t shares_kept = 0, answers_kept = 0, pushes_kept = 0;
  bool from_start = false;
  std::uint8_t marks = 0;  // CycleMark
  double score = 0;        // 1 and more is a finding
};

class TlsCycle {
 public:
  // `from_start`: the first record to come is the first of the conversation.
  explicit TlsCycle(bool from_start) : from_start_(from_start) {}

  // The next record; true when judging again is worth while.
  bool see(Side side, std::uint32_t plaintext_bytes, Timestamp at);
  // The profile that explains the flow, when one does.
  std::optional<CycleFinding> judge() const;
  // The best of all profiles, with a score below 1 when it is no finding.
  CycleFinding best() const;

 private:
  struct Record {
    std::uint32_t at_ms = 0;  // since the first record
    std::uint16_t size = 0;
    Side side = Side::client;
    std::uint8_t times = 1;  // as many alike: jobs in a row, polls in a row
  };
  friend class CycleReading;

  bool joins(Side side, std::uint16_t size, std::uint32_t at_ms);
  bool due() const;
  void count_share(std::uint16_t size);
  bool repeats(Side side, std::uint16_t size);
  const Record& record(std::size_t i) const { return ring_[(first_ + i) % kCycleRecordsKept]; }

  std::array<Record, kCycleRecordsKept> ring_{};
  std::uint8_t first_ = 0, kept_ = 0;
  bool from_start_;
  bool started_ = false;
  CycleOpening opening_;
  Timestamp started_at_;
  std::array<std::uint32_t, std::size(kCycleProfiles)> shares_{};
  std::uint32_t candidates_ = 0;  // records that may be shares by some profile
  bool last_may_be_share_ = false;
};
static_assert(sizeof(TlsCycle) <= 200 + kCycleRecordsKept * 8);

}  // namespace davy::mining

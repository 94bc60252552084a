// The cycle of shares seen through encryption: sizes, sides and times of records are enough to tell a miner from other
// long-lived talk.
//
// A miner sends shares of one size, each answered by a short message of one size; in between the server pushes jobs of
// one size that nobody asked for. Nobody can choose when a share is found, so that gaps are spread like those of a
// Poisson process: timers, loops and polls are not. What is left could be any program that sends events as they
// happen, so that marks of the dialect have to come on top: the sizes of its first exchange, jobs pushed, and numbers
// of messages that grow by a digit in a share and its answer at the same time.
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
#include "mining/dialect.h"

namespace davy::mining {

inline constexpr std::size_t kCycleRecordsKept = 64;
inline constexpr std::uint32_t kCycleSharesMin = 8;  // of the whole flow
inline constexpr std::size_t kUnknownOverhead = 22;  // to subtract when the cipher is not known: TLS 1.3

struct SizeBand {
  std::uint32_t low = 0, high = 0;  // inclusive, bytes

  bool has(std::uint32_t size) const { return size >= low && size <= high; }
};

// What one dialect's cycle looks like. The sizes come from real conversations in clear, widened for longer names.
struct CycleProfile {
  std::string_view name;
  SizeBand share, reply, push;     // in which the narrow bands of a flow have to lie
  SizeBand other;                  // whatever else the client says now and then: keep-alives, polls, reports
  SizeBand hello, welcome;         // the first message of each side
  std::uint32_t shares_min;        // among the records that are kept
  std::uint32_t others_per_share;  // at most
  std::uint32_t pushes_min;
  std::uint32_t marks_min;
  double budget;  // share of other long-lived request/response flows that may be taken for it; tests hold it
};
inline constexpr CycleProfile kCycleProfiles[] = {
    {"cryptonote", {140, 290}, {36, 110}, {230, 520}, {60, 139}, {90, 760}, {290, 900}, 8, 2, 0, 2, 0.001},
    {"equihash", {2'760, 2'960}, {20, 70}, {260, 360}, {90, 130}, {80, 200}, {60, 420}, 6, 2, 1, 1, 0.001},
    {"ethproxy", {190, 320}, {28, 72}, {180, 360}, {36, 180}, {80, 260}, {28, 360}, 2, 30, 8, 2, 0.001},
    {"stratum", {85, 230}, {28, 72}, {260, 2'400}, {36, 84}, {40, 400}, {60, 420}, 8, 2, 2, 3, 0.001},
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
  bool greeted = false;  // the first messages have the sizes of a login and its answer
  bool counted = false;  // share and answer grew by a byte together, and stayed so
  std::uint32_t marks = 0;
  double score = 0;  // 1 and more is a finding
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
  bool greets(Side side, std::uint16_t size);
  const Record& record(std::size_t i) const { return ring_[(first_ + i) % kCycleRecordsKept]; }

  std::array<Record, kCycleRecordsKept> ring_{};
  std::uint8_t first_ = 0, kept_ = 0;
  bool from_start_;
  bool started_ = false;
  std::uint8_t client_records_ = 0, greeting_records_ = 0;
  std::uint8_t hello_fits_ = 0, welcome_fits_ = 0;  // a bit for each profile
  Timestamp started_at_;
  std::array<std::uint32_t, std::size(kCycleProfiles)> shares_{};
  std::uint32_t candidates_ = 0;  // records that may be shares by some profile
  bool last_may_be_share_ = false;
};
static_assert(sizeof(TlsCycle) <= 200 + kCycleRecordsKept * 8);

}  // namespace davy::mining

#include "mining/cycle/tls_cycle.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

// How a flow is read, by example (CryptoNote, sizes of the plaintext):
//
//   C 540  S 480            login and its answer: the first exchange
//   C 186  S 64   C 186  S 64   shares and answers, whenever one is found
//   S 378                   a job that nobody asked for
//   C 187  S 65             message 10: both grow by a digit
//
// For each profile, the densest window of kBandWidth bytes among the client's records of its size is taken for the
// shares; then the records are walked once, each one explained as a share, an answer, a job, something else that the
// client may say, or not at all.

namespace davy::mining {
namespace {

constexpr std::uint32_t kBandWidth = 6;
constexpr std::uint32_t kAnswerWithinMs = 5'000;
constexpr std::uint32_t kJoinWithinMs = 10;
constexpr std::uint16_t kFragment = 24;  // a piece this small belongs to the record beside it
constexpr std::uint32_t kSpanMsMin = 15'000;
constexpr std::uint32_t kMedianGapMsMin = 200;
constexpr std::uint32_t kAnswerShorterBy = 20;
constexpr double kSpreadMin = 0.5, kSpreadMax = 2.8;  // of a Poisson process 1.28
constexpr double kExplainedMin = 0.85, kAnsweredMin = 0.75, kPushesAlikeMin = 0.75;
constexpr std::uint32_t kPushWidth = 24;
constexpr std::uint32_t kStepSlack = 4;
constexpr std::uint32_t kManyPushes = 3;
constexpr std::uint32_t kDigits = 3;  // by which a number of a message may have grown since the opening
constexpr std::uint32_t kAlikeBefore = 5;
constexpr std::uint32_t kPadding = 16, kPaddedTo = 128;
constexpr std::uint32_t kJudgeAlways = 64, kJudgeEvery = 16;  // records that may be shares
constexpr std::uint16_t kAnswerMax = 256;                     // padded
constexpr int kAlike = 2;
constexpr std::uint16_t kPollMax = 85;  // where the shares of all profiles begin
constexpr std::uint8_t kTimesMax = 255;
constexpr std::uint32_t kMaxMs = 0xffff'ffff;

using Sizes = std::array<std::uint32_t, kCycleRecordsKept>;

void append(Sizes& sizes, std::size_t& count, std::uint32_t size) {
  if (count < sizes.size()) sizes[count++] = size;
}

// The window of `width` bytes with most sizes in it; `count` of them are sorted here.
SizeBand densest(Sizes sizes, std::size_t count, std::uint32_t width, std::uint32_t& inside) {
  std::sort(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(count));
  SizeBand best;
  inside = 0;
  for (std::size_t low = 0, high = 0; low < count; ++low) {
    while (high < count && sizes[high] - sizes[low] <= width) ++high;
    if (high - low <= inside) continue;
    inside = static_cast<std::uint32_t>(high - low);
    best = {sizes[low], sizes[high - 1]};
  }
  return best;
}

SizeBand widened(SizeBand band, bool padded) { return padded ? SizeBand{band.low, band.high + kPaddedTo - 1} : band; }

// Where a message was when its number had fewer digits.
SizeBand with_fewer_digits(SizeBand band) { return {band.low - std::min(band.low, kDigits), band.high}; }

double median_of(Sizes values, std::size_t count) {
  if (count == 0) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(count));
  return *middle;
}

double spread_of(const Sizes& gaps_ms, std::size_t count) {
  if (count < 2) return 0;
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = std::log(std::max(1.0, static_cast<double>(gaps_ms[i])));
    sum += value, squares += value * value;
  }
  const double n = static_cast<double>(count);
  return std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1)));
}

}  // namespace

std::string_view name_of(CycleMark mark) {
  switch (mark) {
    case kGreeted: return "greeted";
    case kAcknowledged: return "acknowledged";
    case kRelated: return "related";
    case kCounted: return "counted";
    case kPushed: return "pushed";
    case kPushedOften: return "pushed_often";
    case kTypical: return "typical";
  }
  return "";
}

// One walk over the records of a flow, by one profile.
class CycleReading {
 public:
  CycleReading(const TlsCycle& flow, std::size_t profile) : flow_(flow), profile_(kCycleProfiles[profile]) {
    out_.profile = profile_.name;
    out_.shares = flow.shares_[profile], out_.from_start = flow.from_start_;
    padded_ = is_padded();
    find_band();
    walk();
    settle();
  }
  const CycleFinding& finding() const { return out_; }

 private:
  bool is_padded() const {
    for (std::size_t i = 0; i < flow_.kept_; ++i)
      if (flow_.record(i).size % kPadding != 0) return false;
    return flow_.kept_ > 0;
  }

  void find_band() {
    Sizes sizes{};
    std::size_t count = 0;
    const SizeBand wide = widened(profile_.share, padded_);
    for (std::size_t i = 0; i < flow_.kept_; ++i)
      if (flow_.record(i).side == Side::client && wide.has(flow_.record(i).size)) sizes[count++] = flow_.record(i).size;
    std::uint32_t inside = 0;
    out_.client = densest(sizes, count, kBandWidth, inside);
  }

  void walk() {
    for (std::size_t i = 0; i < flow_.kept_; ++i) {
      const auto& record = flow_.record(i);
      for (int time = 0; time < record.times; ++time) {
        ++out_.records;
        const bool explained = record.side == Side::client ? take_client(record) : take_server(record);
        if (!explained) ++out_.unexplained;
      }
    }
  }

  bool take_client(const TlsCycle::Record& record) {
    const bool any = out_.client.high > 0;
    const bool twice = any && record.size >= 2 * out_.client.low && record.size <= 2 * out_.client.high;
    if (twice || (any && out_.client.has(record.size))) {
      if (out_.shares_kept > 0) append(gaps_, gap_count_, record.at_ms - last_share_ms_);
      last_share_ms_ = record.at_ms;
      if (out_.shares_kept == 0) first_share_ms_ = record.at_ms;
      out_.shares_kept += twice ? 2 : 1;
      waiting_ += twice ? 2 : 1;
      share_size_ = record.size;
      return true;
    }
    if (!widened(profile_.other, padded_).has(record.size)) return false;
    ++others_, ++other_waiting_;
    return true;
  }

  bool take_server(const TlsCycle::Record& record) {
    const bool timely = record.at_ms - last_share_ms_ <= kAnswerWithinMs;
    if (waiting_ > 0 && timely && widened(profile_.reply, padded_).has(record.size)) {
      take_answer(record.size);
      return true;
    }
    if (widened(profile_.push, padded_).has(record.size)) {
      append(pushes_, push_count_, record.size);
      return true;
    }
    const SizeBand both = {profile_.reply.low + profile_.push.low, profile_.reply.high + profile_.push.high};
    if (waiting_ > 0 && timely && both.has(record.size)) {
      --waiting_, ++joined_;
      if (alike_answer_ > 0) append(pushes_, push_count_, record.size - alike_answer_);
      return true;
    }
    if (other_waiting_ == 0 || record.size > profile_.reply.high) return false;
    --other_waiting_;
    return true;
  }

  void take_answer(std::uint32_t size) {
    --waiting_;
    note_growth(size);
    append(answers_, answer_count_, size);
  }

  // Eight alike, then both a byte longer, and never shorter again: numbers of messages that got another digit. An
  // answer of quite another size is a refusal, and says nothing.
  void note_growth(std::uint32_t answer) {
    const std::uint32_t smaller = std::min(answer, alike_answer_), larger = std::max(answer, alike_answer_);
    if (share_size_ > out_.client.high || (alike_run_ > 0 && larger - smaller > kBandWidth)) return;
    const bool alike = share_size_ == alike_share_ && answer == alike_answer_;
    if (share_size_ < alike_share_ || answer < alike_answer_) shrunk_ = true;
    if (alike && grown_) grown_for_good_ = true;
    if (!alike) grown_ = share_size_ == alike_share_ + 1 && answer == alike_answer_ + 1 && alike_run_ >= kAlikeBefore;
    alike_run_ = alike ? alike_run_ + 1 : 1;
    alike_share_ = share_size_, alike_answer_ = answer;
  }

  // The most pushes whose sizes differ by whole steps only, give or take a byte or two.
  std::uint32_t alike_by_steps() const {
    Sizes rests{};
    for (std::size_t i = 0; i < push_count_; ++i) rests[i] = pushes_[i] % profile_.push_step;
    std::uint32_t most = 0;
    densest(rests, push_count_, kStepSlack, most);
    return most;
  }

  // Pushes that are an answer and a job in one, when that makes a job like the others.
  std::uint32_t split_joined() {
    const SizeBand joined = {out_.pushes.low + out_.server.low, out_.pushes.high + out_.server.high};
    const auto count = static_cast<std::uint32_t>(
        std::count_if(pushes_.begin(), pushes_.begin() + static_cast<std::ptrdiff_t>(push_count_),
                      [&](std::uint32_t size) { return !out_.pushes.has(size) && joined.has(size); }));
    out_.answers_kept += std::min(count, waiting_);
    return count;
  }

  void settle() {
    std::uint32_t alike = 0;
    out_.server = densest(answers_, answer_count_, kBandWidth, out_.answers_kept);
    out_.answers_kept += joined_;
    out_.pushes = densest(pushes_, push_count_, kPushWidth, alike);
    if (profile_.push_step > 0) alike = alike_by_steps();
    alike += split_joined();
    out_.pushes_kept = static_cast<std::uint32_t>(push_count_);
    const bool pushes_alike = alike >= kPushesAlikeMin * out_.pushes_kept;
    if (!pushes_alike) out_.unexplained += out_.pushes_kept - alike;
    out_.median_gap_s = median_of(gaps_, gap_count_) / 1'000;
    out_.gap_spread = spread_of(gaps_, gap_count_);
    const std::uint32_t pushes = pushes_alike ? alike : 0;
    set_mark(kCounted, grown_for_good_ && !shrunk_);
    set_mark(kTypical, profile_.typical_share.holds(out_.client) && profile_.typical_reply.holds(out_.server));
    set_mark(kPushed, pushes > 0);
    set_mark(kPushedOften, pushes >= kManyPushes);
    if (flow_.from_start_) mark_opening(pushes > 0);
    const MarkSets& enough = flow_.from_start_ ? profile_.enough : profile_.enough_late;
    out_.score = fits(pushes) && enough.has(out_.marks) ? 1.0 + std::popcount(out_.marks) * 0.1 : partial();
  }

  void set_mark(CycleMark mark, bool seen) {
    if (seen) out_.marks |= mark;
  }

  void mark_opening(bool pushed) {
    const std::uint32_t slack = padded_ ? kPaddedTo : 0;
    const auto answer =
        flow_.opening_.answer_to_login(widened(profile_.hello, padded_), widened(profile_.welcome, padded_));
    if (!answer) return;
    const bool bound = profile_.welcome_over_push.high > 0;
    const bool related = pushed && bound && *answer + slack >= out_.pushes.low + profile_.welcome_over_push.low &&
                         *answer <= out_.pushes.high + profile_.welcome_over_push.high + slack;
    set_mark(kRelated, related);
    set_mark(kGreeted, related || !pushed || !bound);
    set_mark(kAcknowledged,
             flow_.opening_.was_answered_by(with_fewer_digits(out_.server), with_fewer_digits(out_.client)));
  }

  bool fits(std::uint32_t pushes) const {
    return out_.shares >= kCycleSharesMin && out_.shares_kept >= profile_.shares_min &&
           others_ <= profile_.others_per_share * out_.shares_kept && explained() >= kExplainedMin &&
           out_.answers_kept >= kAnsweredMin * out_.shares_kept && pushes >= profile_.pushes_min &&
           out_.client.low >= out_.server.high + kAnswerShorterBy && found_by_chance();
  }

  double explained() const { return 1.0 - static_cast<double>(out_.unexplained) / std::max(1U, out_.records); }

  // No timer and no loop; with two gaps or less there is nothing to say.
  bool found_by_chance() const {
    if (last_share_ms_ - first_share_ms_ < kSpanMsMin || out_.median_gap_s * 1'000 < kMedianGapMsMin) return false;
    return gap_count_ < 3 || (out_.gap_spread >= kSpreadMin && out_.gap_spread <= kSpreadMax);
  }

  // Under 1 and growing with what is there, so that people can see what a flow lacks.
  double partial() const {
    const double shares = std::min(1.0, static_cast<double>(out_.shares_kept) / kCycleSharesMin);
    return 0.9 * std::max(0.0, explained()) * shares * std::min(1.0, out_.gap_spread / kSpreadMin);
  }

  const TlsCycle& flow_;
  const CycleProfile& profile_;
  CycleFinding out_;
  bool padded_ = false;
  Sizes gaps_{}, answers_{}, pushes_{};
  std::size_t gap_count_ = 0, answer_count_ = 0, push_count_ = 0;
  std::uint32_t first_share_ms_ = 0, last_share_ms_ = 0, share_size_ = 0;
  std::uint32_t waiting_ = 0, other_waiting_ = 0, others_ = 0, joined_ = 0;
  std::uint32_t alike_share_ = 0, alike_answer_ = 0, alike_run_ = 0;
  bool grown_ = false, grown_for_good_ = false, shrunk_ = false;
};

// A newline, or the first byte of a message (as TLS 1.0 wrote it against BEAST), in a record of its own.
bool TlsCycle::joins(Side side, std::uint16_t size, std::uint32_t at_ms) {
  if (kept_ == 0) return false;
  Record& last = ring_[(first_ + kept_ - 1U) % kCycleRecordsKept];
  if (last.side != side || last.times > 1 || at_ms - last.at_ms > kJoinWithinMs ||
      (size > kFragment && last.size > kFragment))
    return false;
  last.size = static_cast<std::uint16_t>(std::min<std::uint32_t>(0xffff, std::uint32_t{last.size} + size));
  return true;
}

// Jobs that follow one on the other take the room of one; so do polls, too small for any share, with their answers.
bool TlsCycle::repeats(Side side, std::uint16_t size) {
  if (kept_ == 0) return false;
  Record& last = ring_[(first_ + kept_ - 1U) % kCycleRecordsKept];
  Record& before = ring_[(first_ + kept_ + kCycleRecordsKept - 2U) % kCycleRecordsKept];
  if (side == Side::client && (kept_ < 2 || last.side == Side::client)) return false;
  Record& same = side == Side::client ? before : last;
  if (side == Side::client && std::max(size, same.size) >= kPollMax) return false;
  const int longer = size - same.size;
  if (same.side != side || longer > kAlike || longer < -kAlike || same.times == kTimesMax) return false;
  ++same.times;
  return true;
}

// Each answer to what may be a share may complete what is missing; later the flow has been judged often enough.
bool TlsCycle::due() const {
  return last_may_be_share_ && candidates_ >= kCycleSharesMin &&
         (candidates_ <= kJudgeAlways || candidates_ % kJudgeEvery == 0);
}

void TlsCycle::count_share(std::uint16_t size) {
  last_may_be_share_ = false;
  for (std::size_t i = 0; i < std::size(kCycleProfiles); ++i) {
    if (!kCycleProfiles[i].share.has(size)) continue;
    ++shares_[i];
    last_may_be_share_ = true;
  }
  if (last_may_be_share_) ++candidates_;
}

bool TlsCycle::see(Side side, std::uint32_t plaintext_bytes, Timestamp at) {
  if (!started_) started_at_ = at, started_ = true;
  const auto elapsed = std::max<std::int64_t>(0, (at - started_at_).count() / 1'000'000);
  const auto at_ms = static_cast<std::uint32_t>(std::min<std::int64_t>(elapsed, kMaxMs));
  const auto size = static_cast<std::uint16_t>(std::min<std::uint32_t>(plaintext_bytes, 0xffff));
  if (from_start_ && opening_.see(side, size)) return false;
  if (joins(side, size, at_ms) || repeats(side, size)) return false;
  if (kept_ == kCycleRecordsKept) first_ = static_cast<std::uint8_t>((first_ + 1U) % kCycleRecordsKept), --kept_;
  ring_[(first_ + kept_++) % kCycleRecordsKept] = {at_ms, size, side};
  if (side == Side::server) return size <= kAnswerMax && due();
  count_share(size);
  return false;
}

CycleFinding TlsCycle::best() const {
  CycleFinding out;
  for (std::size_t i = 0; i < std::size(kCycleProfiles); ++i) {
    const CycleFinding found = CycleReading(*this, i).finding();
    if (found.score > out.score || out.profile.empty()) out = found;
  }
  return out;
}

// Most flows last too briefly to be judged at all.
std::optional<CycleFinding> TlsCycle::judge() const {
  if (kept_ == 0 || record(kept_ - 1U).at_ms - record(0).at_ms < kSpanMsMin) return std::nullopt;
  const CycleFinding out = best();
  return out.score >= 1.0 ? std::optional(out) : std::nullopt;
}

}  // namespace davy::mining

#include "mining/stratum_v2_noise.h"

#include <algorithm>
#include <bitset>

#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::uint64_t kClientKey = 64, kServerKey = 170;
constexpr std::uint64_t kSetupMin = 54, kSetupMax = 54 + 5 * 255;  // five strings
constexpr std::uint64_t kSuccess = 44;
constexpr std::uint64_t kOpenMin = 79, kOpenMax = 4 * 336;  // up to four channels at once
constexpr std::uint64_t kOpenedMin = 83;
constexpr std::uint64_t kFrameMin = 38;  // 22 + 16
constexpr std::uint64_t kShare = 62, kAnswer = 58;
constexpr std::uint64_t kExtendedShareMin = 63, kExtendedShareMax = 95;
constexpr std::uint64_t kSharesInTurnMax = 32, kPushesInTurnMax = 3;
constexpr std::uint32_t kPairsWithoutOpening = 3;
constexpr std::array<std::uint64_t, 4> kPushes = {83, 87, 86, 74};  // new job, the same later, new block, new target

// Texts have no high bits and few different bytes; what is random has about half of the one and most of the other.
// The bounds are six standard deviations away for random bytes.
bool looks_random(ByteView bytes) {
  std::bitset<256> distinct;
  for (const std::uint8_t byte : bytes) distinct.set(byte);
  const auto high = static_cast<std::size_t>(std::ranges::count_if(bytes, [](std::uint8_t b) { return b >= 0x80; }));
  const std::size_t expected = bytes.size() / 2;
  const std::size_t spread = bytes.size() == kClientKey ? 24 : 40;
  const std::size_t distinct_min = bytes.size() == kClientKey ? 44 : 100;
  return high + spread >= expected && high <= expected + spread && distinct.count() >= distinct_min;
}

// Whether `bytes` are at most so many pushed frames.
bool is_pushes(std::uint64_t bytes, std::uint64_t most) {
  if (bytes == 0) return true;
  return most > 0 && std::ranges::any_of(kPushes, [&](std::uint64_t push) {
           return bytes >= push && is_pushes(bytes - push, most - 1);
         });
}

// How many answers to shares a turn of the server holds, besides a few pushed frames; 0 when it cannot be such.
std::uint64_t answers_in(std::uint64_t bytes, std::uint64_t pushes_max) {
  for (std::uint64_t answers = std::min(bytes / kAnswer, kSharesInTurnMax); answers > 0; --answers)
    if (is_pushes(bytes - answers * kAnswer, pushes_max)) return answers;
  return 0;
}

}  // namespace

void StratumV2Noise::rule_out() {
  state_ = State::ruled_out;
  key_ = Bytes();
}

bool StratumV2Noise::keep_key(ByteView bytes) {
  if (state_ != State::client_key && state_ != State::server_key) return true;
  const std::uint64_t most = state_ == State::client_key ? kClientKey : kServerKey;
  if (key_.size() + bytes.size() > most) return false;
  key_.insert(key_.end(), bytes.begin(), bytes.end());
  return key_.size() < most || looks_random(key_);
}

// Who must speak in each state of the handshake, and how much at most.
bool StratumV2Noise::may_go_on() const {
  switch (state_) {
    case State::client_key: return speaker_ == Side::client;
    case State::server_key: return speaker_ == Side::server;
    case State::setup: return speaker_ == Side::client && turn_ <= kSetupMax + kOpenMax;
    case State::success: return speaker_ == Side::server;
    case State::opening: return speaker_ == Side::client && turn_ <= kOpenMax;
    default: return true;
  }
}

Fit StratumV2Noise::see(Side side, ByteView bytes, std::uint64_t offset, Timestamp at) {
  if (state_ == State::ruled_out || bytes.empty()) return Fit::none;
  Fit fit = Fit::neutral;
  if (side != speaker_) {
    fit = end_turn();
    speaker_ = side, turn_ = 0, turn_whole_ = true;
  }
  std::uint64_t& expected = expected_[static_cast<std::size_t>(side)];
  if (offset != expected) turn_whole_ = false;
  expected = offset + bytes.size();
  turn_ += bytes.size(), turn_at_ = at;
  const bool lost = !turn_whole_ && state_ != State::mining;
  if (state_ == State::ruled_out || lost || !keep_key(bytes) || !may_go_on()) {
    rule_out();
    return Fit::none;
  }
  return fit;
}

Fit StratumV2Noise::end_turn() {
  if (state_ != State::mining) return end_handshake_turn();
  if (!turn_whole_) return Fit::neutral;
  if (speaker_ == Side::server) return note_server_turn();
  note_client_turn();
  return Fit::neutral;
}

Fit StratumV2Noise::end_handshake_turn() {
  const auto next = [&](bool holds, State state) {
    if (holds) state_ = state, key_.clear();
    else rule_out();
    return holds ? Fit::neutral : Fit::none;
  };
  switch (state_) {
    case State::client_key: return next(turn_ == kClientKey, State::server_key);
    case State::server_key: return next(turn_ == kServerKey, State::setup);
    case State::setup: setup_turn_ = turn_; return next(turn_ >= kSetupMin, State::success);
    case State::success:
      // A client that does not wait for Success sends its Open together with Setup.
      if (setup_turn_ >= kSetupMin + kOpenMin && turn_ >= kSuccess + kOpenedMin) {
        pairs_wanted_ = kPairsWithoutOpening;
        return next(true, State::mining);
      }
      return next(turn_ == kSuccess && setup_turn_ <= kSetupMax, State::opening);
    case State::opening: return next(turn_ >= kOpenMin, State::opened);
    case State::opened:
      if (turn_ >= kOpenedMin + kPushes[0]) ++facts_.jobs;
      return next(turn_ >= kOpenedMin, State::mining);
    default: return Fit::none;
  }
}

void StratumV2Noise::note_client_turn() {
  client_turn_ = turn_, client_turn_at_ = turn_at_;
  if (turn_ < kFrameMin) ++facts_.misfits;
}

// The size of one share in the client's last turn: as it was before, or the first that may be one; 0 for none.
std::uint64_t StratumV2Noise::share_size(std::uint64_t client) const {
  if (share_bytes_ != 0 && (shown_ || client % share_bytes_ == 0)) return share_bytes_;
  if (client % kShare == 0) return kShare;
  return client >= kExtendedShareMin && client <= kExtendedShareMax ? client : 0;
}

Fit StratumV2Noise::note_server_turn() {
  const std::uint64_t answers = answers_in(turn_, shown_ ? kPushesInTurnMax : 1);
  const std::uint64_t client = std::exchange(client_turn_, 0);
  if (turn_ < kFrameMin) ++facts_.misfits;
  const std::uint64_t size = share_size(client);
  const std::uint64_t shares = size == 0 || client % size != 0 ? 0 : client / size;
  if (turn_ - answers * kAnswer >= kPushes[0]) ++facts_.jobs;
  if (answers == 0 || shares == 0 || shares > kSharesInTurnMax) return Fit::neutral;
  if (size != share_bytes_) pairs_ = 0;
  share_bytes_ = size;
  return note_pair(shares, answers);
}

Fit StratumV2Noise::note_pair(std::uint64_t shares, std::uint64_t answers) {
  for (std::uint64_t i = 0; i < shares; ++i) talk::note_sent(facts_.shares, client_turn_at_);
  facts_.shares.unchecked += shares;
  facts_.shares.accepted += std::min(shares, answers);
  ++pairs_;
  if (shown_) return show(1);
  // Sizes of extended shares are many, so two of the same must be answered.
  const bool enough = pairs_ >= std::max(pairs_wanted_, share_bytes_ == kShare ? 1U : 2U);
  return enough ? show(pairs_ + 2) : Fit::neutral;  // Setup and Open count with the first
}

Fit StratumV2Noise::show(std::uint32_t fits) {
  shown_ = true;
  facts_.dialect = "stratum_v2.noise", facts_.role = Role::pool;
  facts_.client_greeted = facts_.server_agreed = true;
  facts_.client_fits += fits, facts_.server_fits += fits;
  return Fit::fits;
}

}  // namespace davy::mining

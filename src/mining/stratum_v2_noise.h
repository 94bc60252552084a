// Stratum V2 behind its Noise handshake, known by how many bytes each side sends in turn and by nothing else.
//
// The client's key is 64 bytes that look random, the server's answer 170; the encrypted frames that follow are 22 + n
// + 16 bytes long: at least 54 for the client's SetupConnection, exactly 44 for the server's Success, then the opening
// of a channel, and from then on shares of 62 bytes (63 and more in extended channels) answered by 58. Counts are of
// the stream, not of segments: what a side sends until the other one speaks is one turn. BIP 324 begins with 64 bytes
// too and Lightning with 50; neither goes on like this. Nothing counts before a channel was opened that way
// and a share answered (two, where their size is not the usual one), or, when the client did not wait for Success and
// less can be seen, three shares. Not thread-safe; one object a connection; constant memory. Source: the Stratum V2
// specification, parts 4 (security) and 5 (mining protocol).
#pragma once

#include <array>

#include "mining/dialect.h"

namespace davy::mining {

class StratumV2Noise {
 public:
  explicit StratumV2Noise(ConversationFacts& facts) : facts_(facts) {}

  // The next bytes of one side. A turn is judged when the other side begins to speak.
  Fit see(Side side, ByteView bytes, std::uint64_t offset, Timestamp at);

 private:
  enum class State : std::uint8_t { client_key, server_key, setup, success, opening, opened, mining, ruled_out };

  void rule_out();
  bool keep_key(ByteView bytes);
  bool may_go_on() const;
  Fit end_turn();
  Fit end_handshake_turn();
  void note_client_turn();
  std::uint64_t share_size(std::uint64_t client) const;
  Fit note_server_turn();
  Fit note_pair(std::uint64_t shares, std::uint64_t answers);
  Fit show(std::uint32_t fits);

  ConversationFacts& facts_;
  State state_ = State::client_key;
  Side speaker_ = Side::client;
  std::array<std::uint64_t, 2> expected_{};  // the next offset of each side
  std::uint64_t turn_ = 0;                   // bytes of the side that speaks
  bool turn_whole_ = true;                   // no byte of it was lost
  Bytes key_;                                // the turn's first bytes, while they must look random
  std::uint64_t share_bytes_ = 0;            // of one share of this connection, once an answer has confirmed it
  std::uint64_t client_turn_ = 0;            // the client's last turn, when it may be shares
  std::uint64_t setup_turn_ = 0;
  std::uint32_t pairs_ = 0;         // shares answered
  std::uint32_t pairs_wanted_ = 1;  // before anything counts
  bool shown_ = false;
  Timestamp turn_at_, client_turn_at_;
};

}  // namespace davy::mining

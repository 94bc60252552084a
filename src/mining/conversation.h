// Which dialect a connection speaks: gives every message to all dialects that still fit and picks the one that explains
// most.
//
// Not thread-safe; one object a connection, made when its first bytes look like a message at all. Once a dialect has
// clearly won, the others are dropped; when none fits within kMessagesToDecide messages, the conversation gives up and
// costs nothing more. Memory: a few kilobytes while undecided, bounded by kJobsKeptMax and kSharesRememberedMax after.
//
//   Conversation talk;
//   talk.see(message);
//   if (talk.facts().role == Role::pool) report(talk.facts());
#pragma once

#include <memory>
#include <vector>

#include "mining/dialect.h"

namespace davy::mining {

inline constexpr std::uint32_t kMessagesToDecide = 24;  // of both sides, without one that fits
inline constexpr std::size_t kSmallBytes = 16;          // fewer are counted together as one message
inline constexpr std::uint32_t kFitsToWin =
    6;  // more than the next best dialect has: a few questions of a node come before its jobs

// Whether a conversation may begin with this message: most of the web's do not, and never see a dialect.
bool may_begin(const Message& message);

class Conversation {
 public:
  void see(const Message& message);
  void see_bytes(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at);

  // Of the dialect that fits best so far; an empty dialect and role none when none fits.
  const ConversationFacts& facts() const;
  // Nothing that follows will be looked at.
  bool given_up() const { return given_up_; }

 private:
  template <class Any>
  void begin(bool& begun, std::vector<std::unique_ptr<Any>>& dialects, std::vector<std::unique_ptr<Any>> (*create)());
  void settle();

  // Of messages and of bytes, each made when the first comes: most connections have but one of both.
  std::vector<std::unique_ptr<Dialect>> dialects_;
  std::vector<std::unique_ptr<ByteDialect>> byte_dialects_;
  std::uint32_t messages_ = 0;
  std::size_t small_bytes_ = 0;  // of bytes that came since the last that counted as a message
  bool given_up_ = false, messages_begun_ = false, bytes_begun_ = false;
};

}  // namespace davy::mining

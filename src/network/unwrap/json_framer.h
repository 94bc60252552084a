// JSON values one after the other in a stream of bytes, however they are cut: one in many pieces, many in one piece,
// with or without newlines between them.
//
// Finds the end of each object or array by its brackets and strings, parses it and gives it on; the items of an array
// of objects (a batch) are given singly. Whatever is not a value is passed over up to the next line, or packet, that
// begins with '{' or '['. Strings hold no raw newline, so that a damaged message ends with its line. One object a side;
// not thread-safe. Limits: kMessageBytesMax and kMembersMax a value; what is longer is passed over, its end still
// found, and counted. Memory: one unfinished value.
//
//   JsonFramer framer;
//   framer.feed("{\"id\":1}{\"id\"", true, found);   // gives one
//   framer.feed(":2}\n", true, found);               // and another
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace davy::network {

inline constexpr std::size_t kMembersMax = 4'096;  // colons outside strings: more than any message of a miner has

class JsonFramer {
 public:
  using Found = std::function<void(const Json&)>;

  // The next bytes; `packet_start`: they begin a packet, where a value may begin although the stream is out of step.
  void feed(std::string_view text, bool packet_start, const Found& found);
  // Bytes were lost: the unfinished value is dropped.
  void resynchronise();
  // Nothing goes on behind here: an unfinished value is dropped, the next byte may begin one.
  void end();

  // Values over a limit, damaged, or not JSON after all.
  std::uint64_t skipped() const { return skipped_; }
  bool unfinished() const { return state_ == State::inside; }

 private:
  enum class State : std::uint8_t { between, inside, seeking };

  void seek(std::string_view& text);
  void begin(std::string_view& text);
  void follow(std::string_view& text, const Found& found);
  bool closes(char c);
  bool breaks(char c);
  void drop(State next);
  void keep(std::string_view part);
  void complete(std::string_view last, const Found& found);

  State state_ = State::between;
  bool in_string_ = false, escaped_ = false, too_long_ = false;
  char last_ = 0;  // byte before, blanks left out; '\n' only directly behind a newline
  bool line_start_ = false;
  std::uint32_t depth_ = 0;
  std::size_t members_ = 0;
  std::string stored_;
  std::uint64_t skipped_ = 0;
};

}  // namespace davy::network

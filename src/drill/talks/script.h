// What a made-up conversation is made of: a script with the lines of both sides, and the messages that come of it.
//
// A script's lines begin with '>' (client) or '<' (server). In them stand: @hN. N made-up hexadecimal digits; @n the
// number of the share; @j its job, four digits; @k its job in decimal; @d a height; @w the exercise wallet. The same
// choice makes the same bytes. In a binary script pairs of hexadecimal digits are bytes, and so is text between quotes.
// All of it is made up: no chain, account or pool stands behind it. Scripts stand masked in the program file
// (masked.h). Pure; for one thread at a time. Limits: kSharesMax rounds.
//
//   const Talk* talk = find_talk("cryptonote");
//   for (const Turn& turn : play(*talk, choice)) send(turn);
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drill/masked.h"

namespace davy::drill {

inline constexpr std::uint32_t kSharesMax = 1'000;
inline constexpr std::uint32_t kGapMax = 600'000;  // ms

enum class Wrap : std::uint8_t { line, http, websocket, binary };
enum class Via : std::uint8_t { nothing, connect, socks5 };

struct Talk {
  Masked<24> name;
  Masked<96> what;
  bool mining = true;
  Wrap wrap = Wrap::line;
  Masked<1536> opening;
  Masked<1536> round;  // once for each share
};

struct TalkChoice {
  std::uint32_t shares = 8;
  std::uint32_t gap_ms = 8'000;   // between rounds
  std::uint32_t split_bytes = 0;  // 0: a segment for each message
  Via via = Via::nothing;
  bool spaced = false;     // spaces around ':' and ','
  bool reordered = false;  // the members of each message in reverse order
  bool midstream = false;  // neither handshake nor opening is seen
};

struct Turn {
  bool client = true;
  std::uint64_t at_ms = 0;  // since the beginning
  std::string bytes;
};

// All of them, in the order of `talk --list`.
std::vector<const Talk*> all_talks();
const Talk* find_talk(std::string_view name);

std::vector<Turn> play(const Talk& talk, const TalkChoice& choice);

// The same conversation, line by line: what either side says, ready to be sent.
class ScriptLines {
 public:
  explicit ScriptLines(const Talk& talk) : talk_(talk) {}

  struct Line {
    bool client = true;
    std::string text;  // without what it is wrapped in
  };
  std::vector<Line> opening();
  std::vector<Line> round(std::uint32_t number);

 private:
  std::vector<Line> lines(MaskedView script, std::uint32_t number);
  const Talk& talk_;
  std::uint64_t state_ = 0x64617679;  // of the made-up digits
};

// A message in what carries it: a newline, an HTTP head, a WebSocket frame.
std::string wrapped(const Talk& talk, std::string text, bool client, const TalkChoice& choice);
// The request and the answer that open a WebSocket.
std::string websocket_opening(bool client);

// Spaces around each ':' and ',' of a JSON text that stand outside its strings.
std::string spaced(std::string_view json);
// The members of the outermost object in reverse order; anything else comes back as it is.
std::string reordered(std::string_view json);

std::span<const Talk> stratum_talks();
std::span<const Talk> stratum_relative_talks();
std::span<const Talk> line_talks();
std::span<const Talk> web_talks();
std::span<const Talk> binary_talks();
std::span<const Talk> innocent_talks();

}  // namespace davy::drill

#include "drill/talks/script.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "drill/wallet.h"

namespace davy::drill {
namespace {

constexpr std::uint64_t kReplyMs = 40;

// Fills in one line of a script. The digits come from a 64-bit linear congruential generator (Knuth's MMIX figures).
class Writer {
 public:
  Writer() = default;
  explicit Writer(std::uint64_t state) : state_(state) {}
  std::uint64_t state() const { return state_; }

  std::string fill(std::string_view line, std::uint32_t round) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] != '@' || i + 1 == line.size()) {
        out += line[i];
      } else if (line[++i] == 'h') {
        i = add_digits(out, line, i + 1);
      } else {
        add_named(out, line[i], round);
      }
    }
    return out;
  }

 private:
  std::size_t add_digits(std::string& out, std::string_view line, std::size_t at) {
    std::size_t count = 0;
    const auto read = std::from_chars(line.data() + at, line.data() + line.size(), count);
    for (; count > 0; --count) out += "0123456789abcdef"[next() & 15U];
    return static_cast<std::size_t>(read.ptr - line.data());  // at the '.'
  }

  static void add_named(std::string& out, char name, std::uint32_t round) {
    SecretText text;
    const std::array<std::uint8_t, 2> job{0x4b, static_cast<std::uint8_t>(round)};
    if (name == 'n') text.add_number(10U + round);
    if (name == 'j') text.add_hex(job.data(), job.size());
    if (name == 'k') text.add_number(7U + round);
    if (name == 'd') text.add_number(812'000U + round);
    if (name == 'w') text = exercise_wallet();
    out += text.view();
  }

  std::uint64_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return state_ >> 40U;
  }

  std::uint64_t state_ = 0x64617679;
};

std::string shaped(std::string json, const TalkChoice& choice) {
  if (!json.starts_with('{')) return json;  // lines of text have one shape only
  if (choice.reordered) json = reordered(json);
  return choice.spaced ? spaced(json) : json;
}

// "POST /path BODY" or "GET /path" of the client; "BODY" of the server.
std::string http_message(std::string_view text, bool client, const TalkChoice& choice) {
  const std::size_t space = client ? text.find(' ', text.find(' ') + 1) : 0;
  const std::string body =
      space >= text.size() ? std::string() : shaped(std::string(text.substr(client ? space + 1 : 0)), choice);
  std::string out = client ? std::string(text.substr(0, space)) + " HTTP/1.1\r\nHost: node.example:18081\r\n"
                           : std::string("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string websocket_frame(std::string_view payload, bool client) {
  constexpr std::array<char, 4> kKey{0x21, 0x43, 0x65, 0x17};
  std::string out("\x81");
  const int mask_bit = client ? 0x80 : 0;
  if (payload.size() < 126) {
    out += static_cast<char>(mask_bit | static_cast<int>(payload.size()));
  } else {
    out += static_cast<char>(mask_bit | 126);
    out += static_cast<char>(payload.size() >> 8U);
    out += static_cast<char>(payload.size() & 0xFFU);
  }
  if (!client) return out += payload;
  out.append(kKey.data(), kKey.size());
  for (std::size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ kKey[i % kKey.size()]);
  return out;
}

// Pairs of hexadecimal digits, and text between quotes; blanks say nothing.
std::string bytes_of(std::string_view script) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  bool text = false;
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (script[i] == '\'') text = !text;
    else if (text) out += script[i];
    else if (script[i] != ' ' && i + 1 < script.size()) {
      out += static_cast<char>(16 * digit(script[i]) + digit(script[i + 1]));
      ++i;
    }
  }
  return out;
}

}  // namespace

std::string wrapped(const Talk& talk, std::string text, bool client, const TalkChoice& choice) {
  if (talk.wrap == Wrap::binary) return bytes_of(text);
  if (talk.wrap == Wrap::http) return http_message(text, client, choice);
  if (talk.wrap == Wrap::websocket) return websocket_frame(shaped(std::move(text), choice), client);
  return shaped(std::move(text), choice) + "\n";
}

std::string websocket_opening(bool client) {
  return client ? "GET / HTTP/1.1\r\nHost: far.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
                : "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
}

std::vector<ScriptLines::Line> ScriptLines::lines(MaskedView script, std::uint32_t number) {
  std::vector<Line> out;
  const SecretText text(script);
  Writer writer(state_);
  for (std::string_view rest = text.view(); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (end > 1) out.push_back({rest[0] == '>', writer.fill(rest.substr(1, end - 1), number)});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  state_ = writer.state();
  return out;
}

std::vector<ScriptLines::Line> ScriptLines::opening() { return lines(talk_.opening, 0); }
std::vector<ScriptLines::Line> ScriptLines::round(std::uint32_t number) { return lines(talk_.round, number); }

namespace {

// Plays the lines of a script one after the other, each a little later than the one before.
class Player {
 public:
  Player(const Talk& talk, const TalkChoice& choice) : talk_(talk), choice_(choice) {}

  void say_all(std::vector<ScriptLines::Line> lines) {
    for (ScriptLines::Line& line : lines) say(line.client, wrapped(talk_, std::move(line.text), line.client, choice_));
  }

  void say(bool client, std::string bytes) {
    now_ms_ += kReplyMs;
    turns_.push_back({client, now_ms_, std::move(bytes)});
  }

  // 4/5, 5/5 and 6/5 of the gap in turn: shares do not come like a clock.
  void pause(std::uint32_t round) { now_ms_ += choice_.gap_ms * (4U + round % 3U) / 5U; }

  std::vector<Turn> turns() && { return std::move(turns_); }

 private:
  const Talk& talk_;
  const TalkChoice& choice_;
  std::vector<Turn> turns_;
  std::uint64_t now_ms_ = 0;
};

void enter(Player& player, Via via) {
  if (via == Via::connect) {
    player.say(true, "CONNECT far.example:3333 HTTP/1.1\r\nHost: far.example:3333\r\n\r\n");
    player.say(false, "HTTP/1.1 200 Connection established\r\n\r\n");
  } else if (via == Via::socks5) {
    player.say(true, std::string("\x05\x01\x00", 3));
    player.say(false, std::string("\x05\x00", 2));
    player.say(true, std::string("\x05\x01\x00\x03\x0b", 5) + "far.example" + "\x0d\x05");
    player.say(false, std::string("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10));
  }
}

void upgrade(Player& player) {
  player.say(true, websocket_opening(true));
  player.say(false, websocket_opening(false));
}

}  // namespace

std::string spaced(std::string_view json) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"' && (i == 0 || json[i - 1] != '\\')) quoted = !quoted;
    const bool space = !quoted && (c == ':' || c == ',');
    out += space ? std::string{' ', c, ' '} : std::string{c};
  }
  return out;
}

std::string reordered(std::string_view json) {
  if (json.size() < 2 || json.front() != '{' || json.back() != '}') return std::string(json);
  std::vector<std::string_view> members;
  bool quoted = false;
  int depth = 0;
  std::size_t begin = 1;
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    const char c = json[i];
    if (c == '"' && json[i - 1] != '\\') quoted = !quoted;
    if (quoted) continue;
    depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    if (c == ',' && depth == 0) members.push_back(json.substr(begin, i - begin)), begin = i + 1;
  }
  members.push_back(json.substr(begin, json.size() - 1 - begin));
  std::string out("{");
  for (auto member = members.rbegin(); member != members.rend(); ++member)
    (out += member == members.rbegin() ? "" : ",") += *member;
  return out + "}";
}

std::vector<const Talk*> all_talks() {
  std::vector<const Talk*> out;
  for (const auto talks :
       {stratum_talks(), stratum_relative_talks(), line_talks(), web_talks(), binary_talks(), innocent_talks()})
    for (const Talk& talk : talks) out.push_back(&talk);
  return out;
}

const Talk* find_talk(std::string_view name) {
  for (const Talk* talk : all_talks())
    if (equals(name, talk->name)) return talk;
  return nullptr;
}

std::vector<Turn> play(const Talk& talk, const TalkChoice& choice) {
  Player player(talk, choice);
  ScriptLines script(talk);
  if (!choice.midstream) {
    enter(player, choice.via);
    if (talk.wrap == Wrap::websocket) upgrade(player);
    player.say_all(script.opening());
  }
  for (std::uint32_t round = 0; round < std::min(choice.shares, kSharesMax); ++round) {
    player.pause(round);
    player.say_all(script.round(round));
  }
  return std::move(player).turns();
}

}  // namespace davy::drill

#include "network/unwrap/guess.h"

#include <algorithm>
#include <optional>

namespace davy::network {
namespace {

using mining::Side;

constexpr std::string_view kMethods[] = {
    "GET ",      "POST ",   "PUT ",   "HEAD ",  "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "QUERY ",    "SEARCH ",
    "PROPFIND ", "REPORT ", "TRACE ", "MKCOL ", "COPY ",   "MOVE ",    "LOCK ",  "UNLOCK ",  "PROPPATCH "};
constexpr std::string_view kReply = "HTTP/1.";
constexpr std::size_t kLeadingBlanksMax = 16;
constexpr std::size_t kTextProbe = 16;                 // bytes that tell text from binary
constexpr std::size_t kTlsRecordMax = 16'384 + 2'048;  // RFC 5246 6.2.3
constexpr std::size_t kSocks4UserMax = 255;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
// ASCII alone: of random bytes, one beginning in several million passes.
bool is_text(std::uint8_t c) { return (c >= ' ' && c < 0x7f) || is_blank(static_cast<char>(c)); }

// An object opens with a member, an array with an object or a string: "[12:00] hello" is a line of a log.
std::optional<Guess> guess_json(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && at < kLeadingBlanksMax && is_blank(text[at])) ++at;
  if (at == text.size()) return at < kLeadingBlanksMax ? Guess::more : Guess::text;
  const char open = text[at];
  if (open != '{' && open != '[') return std::nullopt;
  const std::size_t next = text.find_first_not_of(" \t\r\n", at + 1);
  if (next == std::string_view::npos) return text.size() - at < kRequestLineBytesMax ? Guess::more : Guess::text;
  const char inner = text[next];
  if (inner == '"' || (open == '{' && inner == '}') || (open == '[' && (inner == '{' || inner == ']')))
    return Guess::json;
  return Guess::text;
}

std::optional<Guess> guess_request(std::string_view text) {
  const auto method = std::ranges::find_if(
      kMethods, [&](std::string_view name) { return text.starts_with(name) || name.starts_with(text); });
  if (method == std::end(kMethods)) return std::nullopt;
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.size() == text.size()) return text.size() < kRequestLineBytesMax ? Guess::more : Guess::text;
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t version = line.rfind(' ');
  return line.substr(version + 1).starts_with(kReply) ? Guess::http : Guess::text;
}

std::optional<Guess> guess_http(std::string_view text) {
  if (text.starts_with(kReply)) return Guess::http;
  if (kReply.starts_with(text)) return Guess::more;
  return guess_request(text);
}

// A record header of RFC 8446 5.1, or RFC 5246 6.2.1.
std::optional<Guess> guess_tls(ByteView head) {
  if (head[0] < 20 || head[0] > 23) return std::nullopt;
  if (head.size() > 1 && head[1] != 3) return std::nullopt;
  if (head.size() > 2 && head[2] > 4) return std::nullopt;
  const auto length = read_u16_be(head, 3);
  if (!length) return Guess::more;
  if (*length == 0 || *length > kTlsRecordMax) return std::nullopt;
  if (head[0] == 20) return *length == 1 ? std::optional(Guess::tls) : std::nullopt;
  return Guess::tls;
}

// Version, count of methods, methods (RFC 1928 3): the whole greeting is one packet.
std::optional<Guess> guess_socks5(ByteView head) {
  if (head[0] != 5) return std::nullopt;
  if (head.size() < 2) return Guess::more;
  const std::size_t methods = head[1];
  if (methods == 0 || methods > 10) return std::nullopt;
  const auto known = [](std::uint8_t method) { return method < 10 || method >= 0x80; };
  if (!std::ranges::all_of(head.subspan(2, std::min(methods, head.size() - 2)), known)) return std::nullopt;
  return head.size() < 2 + methods ? Guess::more : Guess::socks5;
}

// Version, command, port, address, user, zero byte.
std::optional<Guess> guess_socks4(ByteView head) {
  if (head[0] != 4) return std::nullopt;
  if (head.size() > 1 && head[1] != 1 && head[1] != 2) return std::nullopt;
  if (head.size() <= 8) return Guess::more;
  const ByteView user = head.subspan(8);
  const auto end = std::ranges::find(user, std::uint8_t{0});
  if (!std::all_of(user.begin(), end, is_text) || end - user.begin() > static_cast<std::ptrdiff_t>(kSocks4UserMax))
    return std::nullopt;
  return end == user.end() ? Guess::more : Guess::socks4;
}

// A text frame of RFC 6455 5.2, masked by the client and not by the server, whose text begins like JSON.
std::optional<Guess> guess_websocket(Side side, ByteView head) {
  if (head[0] != 0x81) return std::nullopt;
  if (head.size() < 2) return Guess::more;
  const bool masked = (head[1] & 0x80U) != 0;
  if (masked != (side == Side::client)) return std::nullopt;
  const std::size_t length = head[1] & 0x7fU;
  if (length < 2 || length == 127) return std::nullopt;
  const std::size_t mask_at = length == 126 ? 4 : 2;
  const std::size_t text_at = mask_at + (masked ? 4 : 0);
  if (head.size() < text_at + 2) return Guess::more;
  const auto plain = [&](std::size_t i) {
    return static_cast<char>(masked ? head[text_at + i] ^ head[mask_at + i] : head[text_at + i]);
  };
  const bool json =
      (plain(0) == '{' && (plain(1) == '"' || is_blank(plain(1)))) || (plain(0) == '[' && plain(1) == '{');
  return json ? std::optional(Guess::websocket) : std::nullopt;
}

Guess guess_kind(ByteView head) {
  return std::ranges::all_of(head.first(std::min(head.size(), kTextProbe)), is_text) ? Guess::text : Guess::binary;
}

}  // namespace

Guess guess(Side side, ByteView head, bool first) {
  if (head.empty()) return Guess::more;
  if (const auto json = guess_json(as_text(head))) return *json;
  if (const auto http = guess_http(as_text(head))) return *http;
  if (const auto tls = guess_tls(head)) return *tls;
  if (const auto frame = guess_websocket(side, head)) return *frame;
  if (first && side == Side::client) {
    if (const auto socks = guess_socks5(head)) return *socks;
    if (const auto socks = guess_socks4(head)) return *socks;
  }
  return guess_kind(head);
}

bool begins_http(std::string_view head) {
  const auto http = guess_http(head);
  return http && *http != Guess::text;
}

}  // namespace davy::network

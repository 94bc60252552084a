#include "network/first_bytes.h"

#include <algorithm>
#include <string_view>

namespace davy::network {
namespace {

constexpr std::string_view kHttpWords[] = {"GET ", "POST ", "PUT ", "HEAD ", "CONNECT ", "OPTIONS ", "HTTP/1."};
constexpr std::size_t kFewBytes = 8;
constexpr std::size_t kNoiseKeyBytes = 64, kNoiseReplyBytes = 170;  // Stratum V2's handshake

bool begins_http(std::string_view text) {
  return std::ranges::any_of(kHttpWords, [&](std::string_view word) { return text.starts_with(word); });
}

bool begins_socks(ByteView p) {
  if (p[0] == 5) return p.size() >= 3 && p.size() == 2U + p[1];
  return p[0] == 4 && p.size() >= 9 && (p[1] == 1 || p[1] == 2) && p.back() == 0;
}

// A text frame, or its continuation: masked from the client, bare from the server with a JSON text in it.
bool begins_websocket(ByteView p) {
  if (p.size() < 6 || (p[0] & 0x70) != 0 || (p[0] & 0x0f) > 2) return false;
  if ((p[1] & 0x80) != 0) return true;
  const std::size_t header = (p[1] & 0x7f) < 126 ? 2 : (p[1] & 0x7f) == 126 ? 4 : 10;
  return p.size() > header && (p[header] == '{' || p[header] == '[');
}

// Peers of Bitcoin and Monero, ZMTP, and frames of Stratum V2 in clear.
bool begins_binary(ByteView p) {
  const std::uint32_t magic = read_u32_be(p, 0).value_or(0);
  if (magic == 0xf9beb4d9 || magic == 0x01210101) return true;
  if (p[0] == 0xff && p.size() >= 10 && p[9] == 0x7f) return true;
  if (p.size() == kNoiseKeyBytes || p.size() == kNoiseReplyBytes) return entropy_bits_per_byte(p) > 5.0;
  return p.size() >= 6 && p[0] == 0 && (p[1] & 0x7f) == 0 && p[5] == 0;
}

// Lines of Duino-Coin: a version, a job, or a hash with its difficulty.
bool begins_short_text(std::string_view text) {
  const auto belongs = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == ',' ||
           c == '\n' || c == '_' || c == '-' || c == ' ';
  };
  if (text.starts_with("JOB,")) return true;
  if (text.size() > 128 || !std::ranges::all_of(text, belongs)) return false;
  return text.find('.') < 3 || std::ranges::count(text, ',') >= 2;
}

// A few bytes, as a sender that writes byte by byte makes them: enough when they may become one of the above.
bool may_begin(ByteView payload) {
  const std::string_view text = as_text(payload);
  const auto continues = [&](std::string_view word) { return word.starts_with(text); };
  if (std::ranges::any_of(kHttpWords, continues) || continues("JOB,")) return true;
  const std::uint8_t first = payload[0];
  constexpr std::uint8_t kBinary[] = {0x00, 0x01, 0x04, 0x05, 0x16, 0x81, 0xf9, 0xff};
  return first == '{' || first == '[' || first == ' ' || first == '\n' || (first >= '0' && first <= '9') ||
         std::ranges::find(kBinary, first) != std::end(kBinary);
}

}  // namespace

bool worth_reading(ByteView payload) {
  if (payload.empty()) return false;
  if (payload.size() < kFewBytes && may_begin(payload)) return true;
  if (payload.size() < 3) return false;
  std::string_view text = as_text(payload);
  if (payload[0] == 0x16 && payload[1] == 3) return true;
  if (payload[0] == 0x17 && payload[1] == 3 && payload[2] <= 4) return true;  // TLS joined later
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size() - 1));
  if (text.front() == '{' || text.front() == '[') return true;
  return begins_http(text) || begins_socks(payload) || begins_websocket(payload) || begins_binary(payload) ||
         begins_short_text(text);
}

}  // namespace davy::network

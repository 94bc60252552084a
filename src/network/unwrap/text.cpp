#include "network/unwrap/text.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/json.h"
#include "mining/dialect.h"

namespace davy::network {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

std::string bounded(std::string_view text) {
  std::string out = printable(text.substr(0, mining::kFactBytesMax));
  std::size_t end = std::min(out.size(), mining::kFactBytesMax);
  while (end > 0 && end < out.size() && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) --end;
  out.resize(end);
  return out;
}

std::string ipv4_text(ByteView address) {
  char text[INET_ADDRSTRLEN] = {};
  if (address.size() < 4) return {};
  ::inet_ntop(AF_INET, address.data(), text, sizeof text);
  return text;
}

std::string ipv6_text(ByteView address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.size() < 16) return {};
  ::inet_ntop(AF_INET6, address.data(), text, sizeof text);
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t value = kBase64.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xffffU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xffU));
  }
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    if (equal_ignoring_case(trimmed(item.substr(0, item.find(';'))), token)) return true;
    list.remove_prefix(std::min(item.size() + 1, list.size()));
  }
  return false;
}

}  // namespace davy::network

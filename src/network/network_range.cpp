#include "network/network_range.h"

#include <algorithm>
#include <charconv>

namespace davy::network {
namespace {

constexpr int kIpv4From = 96;  // bits before an IPv4 address among the sixteen bytes

}  // namespace

bool NetworkRange::contains(const Address& address) const {
  const auto whole = static_cast<std::size_t>(prefix_bits / 8);
  if (!std::equal(base.bytes.begin(), base.bytes.begin() + static_cast<std::ptrdiff_t>(whole), address.bytes.begin()))
    return false;
  const int rest = prefix_bits % 8;
  return rest == 0 || ((base.bytes[whole] ^ address.bytes[whole]) >> (8 - rest)) == 0;
}

std::optional<NetworkRange> parse_network_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(std::string(text.substr(0, slash)));
  if (!address) return std::nullopt;
  NetworkRange out{*address, 128};
  if (slash == std::string_view::npos) return out;
  const std::string_view bits = text.substr(slash + 1);
  int prefix = -1;
  const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix);
  const int from = address->is_v4() ? kIpv4From : 0;
  if (error != std::errc() || end != bits.data() + bits.size() || prefix < 0 || prefix > 128 - from)
    return std::nullopt;
  out.prefix_bits = from + prefix;
  return out;
}

bool any_contains(const std::vector<NetworkRange>& ranges, const Address& address) {
  return std::ranges::any_of(ranges, [&](const NetworkRange& range) { return range.contains(address); });
}

// Asked for both ends of every flow.
bool is_private(const Address& address) {
  const auto& b = address.bytes;
  if (!address.is_v4()) return (b[0] & 0xfeU) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0U) == 0x80);
  const std::uint8_t first = b[12], second = b[13];
  return first == 10 || (first == 172 && (second & 0xf0U) == 16) || (first == 192 && second == 168) ||
         (first == 100 && (second & 0xc0U) == 64) || (first == 169 && second == 254);
}

}  // namespace davy::network

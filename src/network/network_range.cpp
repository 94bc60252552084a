#include "network/network_range.h"

#include <algorithm>
#include <charconv>

namespace davy::network {
namespace {

constexpr int kIpv4From = 96;  // bits before an IPv4 address among the sixteen bytes

const std::vector<NetworkRange>& private_ranges() {
  static const std::vector<NetworkRange> kRanges = [] {
    std::vector<NetworkRange> out;
    for (const char* text :
         {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"})
      out.push_back(*parse_network_range(text));
    return out;
  }();
  return kRanges;
}

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

bool is_private(const Address& address) { return any_contains(private_ranges(), address); }

}  // namespace davy::network

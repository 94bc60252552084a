#include "network/probe/probe_policy.h"

#include <algorithm>
#include <charconv>

#include "match/name_set.h"

namespace davy::network::probe {
namespace {

tl::unexpected<Error> wrong(std::string_view why, std::string_view text) {
  return fail(ErrorCode::invalid_argument, std::string(why), std::string(text));
}

// Host and port of "host:port" and "[host]:port".
Result<std::pair<std::string_view, std::string_view>> halves(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
    return wrong("must be host:port, or [address]:port", text);
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos) return wrong("write an IPv6 address in brackets", text);
  return std::pair(host, text.substr(colon + 1));
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out == 0) return std::nullopt;
  return out;
}

bool is_name(std::string_view host) {
  return !host.empty() && host.size() <= match::kNameBytesMax && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  }) && !std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

Status read_ports(std::string_view ports, TargetEntry& out) {
  const std::size_t dash = ports.find('-');
  const auto first = ports == "*" ? std::optional<std::uint16_t>(1) : port_of(ports.substr(0, dash));
  const auto last = ports == "*"                     ? std::optional<std::uint16_t>(65'535)
                    : dash == std::string_view::npos ? first
                                                     : port_of(ports.substr(dash + 1));
  if (!first || !last || *first > *last) return wrong("ports are a number, first-last, or *", out.text);
  out.first_port = *first, out.last_port = *last;
  return {};
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  const auto [host, port] = TRY(halves(text));
  const auto number = port_of(port);
  if (!number) return wrong("the port must be a number from 1 to 65535", text);
  const bool address = parse_address(std::string(host)).has_value();
  if (!address && !is_name(host)) return wrong("neither an address nor a host name", text);
  return Target{address ? std::string(host) : match::normal_name(host), *number, !address};
}

Result<std::vector<TargetEntry>> parse_entries(const std::vector<std::string>& texts) {
  std::vector<TargetEntry> out;
  for (const std::string& text : texts) {
    TargetEntry entry;
    entry.text = text;
    const auto [host, ports] = TRY(halves(text));
    TRY(read_ports(ports, entry));
    if (const auto network = parse_network_range(host)) entry.network = *network;
    else if (is_name(host)) entry.name = match::normal_name(host);
    else return wrong("neither a network nor a host name", text);
    out.push_back(std::move(entry));
  }
  return out;
}

const TargetEntry* covering(const std::vector<TargetEntry>& entries, const Target& target, const Address& address) {
  for (const TargetEntry& entry : entries) {
    if (target.port < entry.first_port || target.port > entry.last_port) continue;
    if (entry.name.empty() ? entry.network.contains(address) : target.is_name && entry.name == target.host)
      return &entry;
  }
  return nullptr;
}

bool is_never_asked(const Address& address) {
  static const std::vector<NetworkRange> kNever = [] {
    std::vector<NetworkRange> out;
    for (const char* text : {"0.0.0.0/8", "224.0.0.0/3", "::/128", "ff00::/8"})
      out.push_back(*parse_network_range(text));
    return out;
  }();
  return any_contains(kNever, address);
}

}  // namespace davy::network::probe

#include "intel/address.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "match/name_set.h"

namespace davy::intel {
namespace {

constexpr std::size_t kLabelBytesMax = 63;  // RFC 1035
constexpr std::array<std::string_view, 7> kLocalDomains = {"localhost", "local",       "internal", "lan",
                                                           "home.arpa", "localdomain", "invalid"};

using Quad = std::array<std::uint8_t, 4>;

struct Network {
  Quad base;
  unsigned bits;
};

// IANA IPv4 special-purpose registry; documentation networks are left in, they reach nobody.
constexpr Network kNotPublic[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},    {{100, 64, 0, 0}, 10}, {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12}, {{192, 0, 0, 0}, 24},  {{192, 168, 0, 0}, 16},
    {{198, 18, 0, 0}, 15},  {{224, 0, 0, 0}, 4},   {{240, 0, 0, 0}, 4},
};

std::uint32_t number_of(const std::uint8_t* quad) {
  return std::uint32_t{quad[0]} << 24 | std::uint32_t{quad[1]} << 16 | std::uint32_t{quad[2]} << 8 | quad[3];
}

bool is_public_v4(const std::uint8_t* quad) {
  return std::ranges::none_of(kNotPublic, [&](const Network& network) {
    return (number_of(quad) ^ number_of(network.base.data())) >> (32U - network.bits) == 0;
  });
}

// The text up to the next separator, which is taken from `rest` together with it.
std::string_view next_field(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view field = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return field;
}

std::optional<unsigned> read_number(std::string_view digits, int base, std::size_t digits_max, unsigned max) {
  unsigned value = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || digits.size() > digits_max || end.ec != std::errc() || end.ptr != digits.data() + digits.size())
    return std::nullopt;
  return value <= max ? std::optional(value) : std::nullopt;
}

std::optional<Quad> parse_quad(std::string_view text) {
  if (std::ranges::count(text, '.') != 3 || text.ends_with('.')) return std::nullopt;
  Quad out{};
  for (std::uint8_t& byte : out) {
    const auto value = read_number(next_field(text, '.'), 10, 3, 255);
    if (!value) return std::nullopt;
    byte = static_cast<std::uint8_t>(*value);
  }
  return out;
}

// Groups of four hexadecimal digits, the last one perhaps a dotted quad; nothing when one is neither.
std::optional<std::string> parse_groups(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool last = text.find(':') == std::string_view::npos;
    if (!last && text.ends_with(':')) return std::nullopt;
    const std::string_view field = next_field(text, ':');
    if (const auto quad = last ? parse_quad(field) : std::nullopt) {
      out.append(quad->begin(), quad->end());
      continue;
    }
    const auto value = read_number(field, 16, 4, 0xffff);
    if (!value || out.size() > Address{}.size()) return std::nullopt;
    out.push_back(static_cast<char>(*value >> 8));
    out.push_back(static_cast<char>(*value & 0xff));
  }
  return out;
}

std::optional<Address> parse_v6(std::string_view text) {
  Address out{};
  const std::size_t gap = text.find("::");
  const auto head = parse_groups(text.substr(0, gap));
  const auto tail = parse_groups(gap == std::string_view::npos ? std::string_view() : text.substr(gap + 2));
  if (!head || !tail) return std::nullopt;
  const std::size_t known = head->size() + tail->size();
  if (gap == std::string_view::npos ? known != out.size() : known > out.size() - 2) return std::nullopt;
  std::ranges::transform(*head, out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  std::ranges::transform(*tail, out.end() - static_cast<std::ptrdiff_t>(tail->size()),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  return out;
}

bool is_mapped_v4(const Address& address) {
  return std::all_of(address.begin(), address.begin() + 10, [](std::uint8_t b) { return b == 0; }) &&
         address[10] == 0xff && address[11] == 0xff;
}

bool is_label(std::string_view label) {
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  return !label.empty() && label.size() <= kLabelBytesMax && std::ranges::all_of(label, fine);
}

bool is_local(std::string_view name) {
  return std::ranges::any_of(kLocalDomains, [&](std::string_view domain) {
    return name == domain || (name.ends_with(domain) && name[name.size() - domain.size() - 1] == '.');
  });
}

bool is_name(std::string_view name) {
  if (name.find('.') == std::string_view::npos || name.ends_with('.')) return false;
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; })) return false;  // a mistyped address
  while (!name.empty())
    if (!is_label(next_field(name, '.'))) return false;
  return true;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  const auto quad = parse_quad(text);
  if (!quad) return std::nullopt;
  Address out{};
  out[10] = out[11] = 0xff;
  std::ranges::copy(*quad, out.begin() + 12);
  return out;
}

bool is_public(const Address& address) {
  if (is_mapped_v4(address)) return is_public_v4(address.data() + 12);
  return (address[0] & 0xe0) == 0x20;  // 2000::/3, the only space for global unicast
}

Status check_host(std::string_view host) {
  const auto refuse = [&](const char* why) { return fail(ErrorCode::malformed, why, printable(host)); };
  if (const auto address = parse_address(host)) {
    if (!is_public(*address)) return refuse("a loopback, private or reserved address never stands in intel");
    return {};
  }
  const std::string name = match::normal_name(host);
  if (is_local(name)) return refuse("a name for local use never stands in intel");
  if (!is_name(name)) return refuse("neither a host name with a domain nor an address");
  return {};
}

}  // namespace davy::intel

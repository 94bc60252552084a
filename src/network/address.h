// An IPv4 or IPv6 address as sixteen bytes (IPv4 as ::ffff:a.b.c.d), with its text form. Plain value; thread-safe.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace davy::network {

struct Address {
  std::array<std::uint8_t, 16> bytes{};

  static Address v4(const std::uint8_t* four) {
    Address out;
    out.bytes[10] = out.bytes[11] = 0xff;
    std::memcpy(out.bytes.data() + 12, four, 4);
    return out;
  }
  static Address v6(const std::uint8_t* sixteen) {
    Address out;
    std::memcpy(out.bytes.data(), sixteen, 16);
    return out;
  }
  bool is_v4() const {
    static constexpr std::uint8_t kPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::memcmp(bytes.data(), kPrefix, sizeof kPrefix) == 0;
  }
  // The two halves as numbers, for hashing and comparing; byte order does not matter there.
  std::uint64_t high() const { return load(0); }
  std::uint64_t low() const { return load(8); }

  friend bool operator==(const Address& a, const Address& b) { return a.low() == b.low() && a.high() == b.high(); }
  // By the bytes, as numbers in network order.
  friend std::strong_ordering operator<=>(const Address& a, const Address& b) {
    if (a.high() != b.high()) return __builtin_bswap64(a.high()) <=> __builtin_bswap64(b.high());
    return __builtin_bswap64(a.low()) <=> __builtin_bswap64(b.low());
  }

 private:
  std::uint64_t load(std::size_t at) const {
    std::uint64_t out = 0;
    std::memcpy(&out, bytes.data() + at, sizeof out);
    return out;
  }
};

// "192.0.2.1", "2001:db8::1" (RFC 5952).
std::string to_text(const Address& address);
// The inverse; nothing when the text is no address.
std::optional<Address> parse_address(const std::string& text);

// For tables that nobody outside can fill on purpose beyond their limits.
struct HashOfAddress {
  std::size_t operator()(const Address& a) const {
    std::uint64_t hash = a.high() * 0x9e3779b97f4a7c15U ^ a.low();
    hash = (hash ^ hash >> 32U) * 0xbf58476d1ce4e5b9U;  // Steele and others, SplitMix
    return hash ^ hash >> 31U;
  }
};

}  // namespace davy::network

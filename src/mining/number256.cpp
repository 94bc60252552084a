#include "mining/number256.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace davy::mining {
namespace {

constexpr std::size_t kDigitsMax = 64;
constexpr double kBits = 256.0;

}  // namespace

std::optional<Number256> parse_number256(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
  const auto bytes = from_hex(std::string(kDigitsMax - text.size(), '0').append(text));
  if (!bytes) return std::nullopt;
  Number256 number{};
  std::ranges::copy(*bytes, number.begin());
  return number;
}

Number256 number_of_digest(const std::array<std::uint8_t, 32>& digest) {
  Number256 number{};
  std::ranges::reverse_copy(digest, number.begin());
  return number;
}

double approximate(const Number256& number) {
  double value = 0.0;
  for (const std::uint8_t byte : number) value = value * 256.0 + byte;
  return value;
}

double bits_of_target(const Number256& target) { return kBits - std::log2(approximate(target)); }

}  // namespace davy::mining

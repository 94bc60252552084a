// The two matchers must agree. Input: a length byte (its top bit: without case) and that many bytes for each of up to
// eight patterns, a zero byte to end them, then the bytes to scan.
#include <algorithm>
#include <cstdlib>

#include "match/pattern_matcher.h"

namespace {

using Hits = std::vector<std::pair<std::size_t, std::uint32_t>>;

Hits hits_of(const davy::match::PatternMatcher& matcher, davy::ByteView bytes) {
  Hits hits;
  matcher.scan(bytes, [&](std::uint32_t id, std::size_t end) {
    hits.emplace_back(end, id);
    return true;
  });
  std::ranges::sort(hits);
  return hits;
}

std::vector<davy::match::Pattern> take_patterns(davy::ByteView& bytes) {
  std::vector<davy::match::Pattern> patterns;
  while (!bytes.empty() && patterns.size() < 8) {
    const std::uint8_t head = bytes[0];
    bytes = bytes.subspan(1);
    const std::size_t length = std::min<std::size_t>(head & 0x7fU, bytes.size());
    if (length == 0) break;
    const auto id = static_cast<std::uint32_t>(patterns.size());
    patterns.push_back({id, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)}, head >= 0x80});
    bytes = bytes.subspan(length);
  }
  return patterns;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  davy::ByteView bytes(data, size);
  const auto patterns = take_patterns(bytes);
  const auto portable = davy::match::create_portable_matcher(patterns);
  const auto fast = davy::match::create_fast_matcher(patterns, 200);
  if (!fast && fast.error().code == davy::ErrorCode::unsupported) return 0;  // zero bytes only
  if (portable.has_value() != fast.has_value()) std::abort();
  if (portable && hits_of(**portable, bytes) != hits_of(**fast, bytes)) std::abort();
  return 0;
}

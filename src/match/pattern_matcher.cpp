#include "match/pattern_matcher.h"

namespace davy::match {

Status check_patterns(std::span<const Pattern> patterns) {
  if (patterns.empty()) return fail(ErrorCode::invalid_argument, "there is no pattern to look for");
  if (patterns.size() > kPatternsMax) return fail(ErrorCode::limit_exceeded, "too many patterns");
  std::size_t total = 0;
  for (const Pattern& pattern : patterns) {
    const std::string id = std::to_string(pattern.id);
    if (pattern.bytes.empty()) return fail(ErrorCode::invalid_argument, "a pattern is empty", id);
    if (pattern.bytes.size() > kPatternBytesMax) return fail(ErrorCode::limit_exceeded, "a pattern is too long", id);
    total += pattern.bytes.size();
  }
  if (total > kAllPatternsBytesMax) return fail(ErrorCode::limit_exceeded, "the patterns are too long together");
  return {};
}

Result<std::unique_ptr<PatternMatcher>> PatternMatcher::create(std::span<const Pattern> patterns) {
#ifdef DAVY_WITHOUT_VECTORSCAN
  return create_portable_matcher(patterns);
#else
  auto fast = create_fast_matcher(patterns);
  if (fast || fast.error().code != ErrorCode::unsupported) return fast;
  return create_portable_matcher(patterns);
#endif
}

}  // namespace davy::match

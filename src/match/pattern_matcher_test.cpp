#include "match/pattern_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace davy::match {
namespace {

using Hits = std::vector<std::pair<std::size_t, std::uint32_t>>;  // end, id
using Create = Result<std::unique_ptr<PatternMatcher>> (*)(std::span<const Pattern>);

Result<std::unique_ptr<PatternMatcher>> fast(std::span<const Pattern> patterns) {
  return create_fast_matcher(patterns);
}
Result<std::unique_ptr<PatternMatcher>> fast_in_small_blocks(std::span<const Pattern> patterns) {
  std::size_t longest = 0;
  for (const Pattern& pattern : patterns) longest = std::max(longest, pattern.bytes.size());
  return create_fast_matcher(patterns, longest + 1);
}

Pattern text_pattern(std::uint32_t id, std::string_view text, bool ignore_case = false) {
  return {id, Bytes(as_bytes(text).begin(), as_bytes(text).end()), ignore_case};
}

Hits hits_of(const PatternMatcher& matcher, ByteView bytes) {
  Hits hits;
  matcher.scan(bytes, [&](std::uint32_t id, std::size_t end) {
    hits.emplace_back(end, id);
    return true;
  });
  std::ranges::sort(hits);
  return hits;
}

// What the contract says, without any cleverness.
Hits expected_hits(std::span<const Pattern> patterns, ByteView bytes) {
  const auto same = [](std::uint8_t a, std::uint8_t b, bool ignore_case) {
    return a == b || (ignore_case && a < 0x80 && b < 0x80 && std::isalpha(a) && (a ^ b) == 0x20);
  };
  Hits hits;
  for (std::size_t begin = 0; begin < bytes.size(); ++begin)
    for (const Pattern& p : patterns) {
      if (p.bytes.size() > bytes.size() - begin) continue;
      bool equal = true;
      for (std::size_t i = 0; i < p.bytes.size(); ++i)
        equal = equal && same(p.bytes[i], bytes[begin + i], p.ignore_case);
      if (equal) hits.emplace_back(begin + p.bytes.size(), p.id);
    }
  std::ranges::sort(hits);
  return hits;
}

class PatternMatcherTest : public testing::TestWithParam<Create> {
 protected:
  std::unique_ptr<PatternMatcher> create(std::span<const Pattern> patterns) { return std::move(*GetParam()(patterns)); }
};

TEST_P(PatternMatcherTest, FindsOverlappingPatterns) {
  const Pattern patterns[] = {text_pattern(1, "pool"), text_pattern(2, "ool+"), text_pattern(3, "o")};
  const Hits expected = {{3, 3}, {4, 3}, {5, 1}, {6, 2}};
  EXPECT_EQ(hits_of(*create(patterns), as_bytes("xpool+")), expected);
}

TEST_P(PatternMatcherTest, IgnoresCaseOnlyWhereToldTo) {
  const Pattern patterns[] = {text_pattern(1, "Stratum+", true), text_pattern(2, "Stratum+")};
  const auto matcher = create(patterns);
  EXPECT_EQ(hits_of(*matcher, as_bytes("sTRATUM+")), (Hits{{8, 1}}));
  EXPECT_EQ(hits_of(*matcher, as_bytes("Stratum+")), (Hits{{8, 1}, {8, 2}}));
}

TEST_P(PatternMatcherTest, TakesEveryByteValue) {
  const Pattern patterns[] = {{5, {0x00, 0x0a, 0xff}, false}, {6, {0x00, 0x00, 0x0a}, false}, {7, {0xe4, 0xc4}, true}};
  const Bytes bytes = {0x0a, 0x00, 0x0a, 0xff, 0xe4, 0xc4, 0xc4, 0xe4, 0x00, 0x00, 0x0a, 0x01, 0x0a, 0xff};
  EXPECT_EQ(hits_of(*create(patterns), bytes), (Hits{{4, 5}, {6, 7}, {11, 6}}));
}

// What one processor's vectorscan lost, at every alignment.
TEST_P(PatternMatcherTest, FindsTheSameAtEveryAddress) {
  const Pattern patterns[] = {{0, {0xa2, 0x81, 0x81}, false}, {1, {0x81}, true}, {2, {0x81}, true}, {3, {0x81}, true}};
  const auto matcher = create(patterns);
  Bytes memory(256);
  for (std::size_t offset = 0; offset < 64; ++offset) {
    std::ranges::fill(memory, std::uint8_t{0});
    for (const std::size_t at : {76U, 78U, 79U, 81U}) memory[offset + at] = 0x81;
    EXPECT_EQ(hits_of(*matcher, ByteView(memory).subspan(offset, 88)).size(), 12U) << offset;
  }
}

TEST_P(PatternMatcherTest, ReportsEqualPatternsEach) {
  const Pattern patterns[] = {text_pattern(1, "abc"), text_pattern(2, "abc"), text_pattern(3, "abc", true)};
  EXPECT_EQ(hits_of(*create(patterns), as_bytes("abc")), (Hits{{3, 1}, {3, 2}, {3, 3}}));
}

TEST_P(PatternMatcherTest, StopsWhenToldTo) {
  const Pattern patterns[] = {text_pattern(1, "a")};
  int calls = 0;
  create(patterns)->scan(as_bytes("aaaa"), [&](std::uint32_t, std::size_t) { return ++calls < 2; });
  EXPECT_EQ(calls, 2);
}

TEST_P(PatternMatcherTest, FindsNothingInNothing) {
  const Pattern patterns[] = {text_pattern(1, "a")};
  EXPECT_TRUE(hits_of(*create(patterns), {}).empty());
}

TEST_P(PatternMatcherTest, PassesOnWhatTheCallbackThrows) {
  const Pattern patterns[] = {text_pattern(1, "a")};
  const auto matcher = create(patterns);
  EXPECT_THROW(matcher->scan(as_bytes("a"), [](std::uint32_t, std::size_t) -> bool { throw std::runtime_error("x"); }),
               std::runtime_error);
}

TEST_P(PatternMatcherTest, AgreesWithTheContractOnRandomInput) {
  std::mt19937 random(7);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  const std::string_view alphabet = "aAbB\n";
  for (int round = 0; round < 60; ++round) {
    std::vector<Pattern> patterns(1 + pick(12));
    for (Pattern& p : patterns) {
      p.id = static_cast<std::uint32_t>(pick(1000));
      p.ignore_case = pick(2) == 1;
      for (std::size_t n = 1 + pick(5); n > 0; --n) p.bytes.push_back(static_cast<std::uint8_t>(alphabet[pick(5)]));
    }
    Bytes bytes(pick(300));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(alphabet[pick(5)]);
    Hits expected = expected_hits(patterns, bytes);
    Hits found = hits_of(*create(patterns), bytes);
    expected.erase(std::ranges::unique(expected).begin(), expected.end());
    found.erase(std::ranges::unique(found).begin(), found.end());
    ASSERT_EQ(found, expected) << "round " << round;
  }
}

TEST(PatternMatcher, TakesZeroBytesOnlyWithTheMatcherThatCan) {
  const Pattern patterns[] = {{6, {0x00, 0x00}, false}};
  EXPECT_EQ(create_fast_matcher(patterns).error().code, ErrorCode::unsupported);
  const auto matcher = PatternMatcher::create(patterns);
  ASSERT_TRUE(matcher);
  EXPECT_EQ(hits_of(**matcher, Bytes(3, 0x00)), (Hits{{2, 6}, {3, 6}}));
}

TEST_P(PatternMatcherTest, HoldsItsLimits) {
  const auto code = [](std::span<const Pattern> patterns) { return GetParam()(patterns).error().code; };
  EXPECT_EQ(code({}), ErrorCode::invalid_argument);
  const Pattern empty[] = {{1, {}, false}};
  EXPECT_EQ(code(empty), ErrorCode::invalid_argument);
  const Pattern longest[] = {{1, Bytes(kPatternBytesMax, 'x'), false}};
  EXPECT_EQ(hits_of(*create(longest), Bytes(kPatternBytesMax, 'x')).size(), 1U);
  const Pattern too_long[] = {{1, Bytes(kPatternBytesMax + 1, 'x'), false}};
  EXPECT_EQ(code(too_long), ErrorCode::limit_exceeded);
  const std::vector<Pattern> too_many(kPatternsMax + 1, text_pattern(1, "x"));
  EXPECT_EQ(code(too_many), ErrorCode::limit_exceeded);
  const std::vector<Pattern> too_large(kAllPatternsBytesMax / kPatternBytesMax + 1, longest[0]);
  EXPECT_EQ(code(too_large), ErrorCode::limit_exceeded);
}

INSTANTIATE_TEST_SUITE_P(Implementations, PatternMatcherTest,
                         testing::Values(&create_portable_matcher, &fast, &fast_in_small_blocks),
                         [](const testing::TestParamInfo<Create>& implementation) -> std::string {
                           return implementation.index == 0   ? "Portable"
                                  : implementation.index == 1 ? "Fast"
                                                              : "FastInSmallBlocks";
                         });

}  // namespace
}  // namespace davy::match

#include "base/clock.h"

#include <gtest/gtest.h>

namespace davy {
namespace {

ErrorCode code_of(const Result<Timestamp>& result) { return result ? ErrorCode::io : result.error().code; }

TEST(Clock, Rfc3339RoundTrip) {
  for (const auto* words : {"1970-01-01T00:00:00.000Z", "2000-02-29T23:59:59.999Z", "2026-01-02T03:04:05.678Z"})
    EXPECT_EQ(to_rfc3339(parse_rfc3339(words).value()), words);
}

TEST(Clock, FractionsOfAnyLength) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:01Z").value().nanoseconds, 1'000'000'000);
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.5Z").value().nanoseconds, 500'000'000);
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.123456789Z").value().nanoseconds, 123'456'789);
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.1234567899999Z").value().nanoseconds, 123'456'789);
}

TEST(Clock, RefusesWhatIsNoTimeInUtc) {
  for (const auto* words :
       {"", "2026", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:00", "2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00Zx", "1969-12-31T23:59:59Z",
        "2026-01-01 00:00:00Z", "2026-00-01T00:00:00Z", "9999-01-01T00:00:00Z"})
    EXPECT_EQ(code_of(parse_rfc3339(words)), ErrorCode::malformed) << words;
}

TEST(Clock, ManualTimeMovesOnlyWhenTold) {
  ManualClock clock(Timestamp{1000});
  EXPECT_EQ(clock.now().nanoseconds, 1000);
  clock.sleep_until(Nanoseconds(50));
  clock.sleep_until(Nanoseconds(20));
  EXPECT_EQ(clock.now().nanoseconds, 1050);
  EXPECT_EQ(clock.monotonic().count(), 50);
}

TEST(Clock, SystemTimeNeverGoesBack) {
  SystemClock clock;
  const Nanoseconds before = clock.monotonic();
  clock.sleep_until(before + std::chrono::milliseconds(2));
  EXPECT_GE(clock.monotonic() - before, std::chrono::milliseconds(2));
  EXPECT_GT(clock.now(), parse_rfc3339("2024-01-01T00:00:00Z").value());
}

}  // namespace
}  // namespace davy

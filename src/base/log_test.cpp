#include "base/log.h"

#include <gtest/gtest.h>

#include <sstream>

namespace davy {
namespace {

TEST(Log, WritesLinesAtOrAboveTheLevel) {
  std::ostringstream out;
  const ManualClock clock(parse_rfc3339("2026-01-02T03:04:05.678Z").value());
  StreamLog log(out, clock, LogLevel::warn);
  log.info("not shown");
  log.warn("worker restarted", {{"name", "parser"}, {"why", "it hung"}, {"empty", ""}});
  EXPECT_EQ(out.str(), "2026-01-02T03:04:05.678Z warn worker restarted name=parser why=\"it hung\" empty=\"\"\n");
}

TEST(Log, ForeignValuesCannotBreakTheLine) {
  const std::string line = format_log_line({}, LogLevel::info, "x\ny", {{"comm", "a\x1b[2J\nlevel=error"}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_TRUE(line.ends_with("comm=\"a?[2J?level=error\"")) << line;
  const std::string longest = format_log_line({}, LogLevel::info, "m", {{"v", std::string(100'000, 'v')}});
  EXPECT_LT(longest.size(), 2 * kLogValueBytesMax);
  EXPECT_TRUE(longest.ends_with("vv..."));
}

TEST(Log, RecordsForTests) {
  RecordingLog log;
  log.error("e");
  log.debug("d");
  ASSERT_EQ(log.lines.size(), 2U);
  EXPECT_TRUE(log.lines[0].ends_with("error e"));
  NullLog().error("nowhere");
}

}  // namespace
}  // namespace davy

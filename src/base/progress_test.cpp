#include "base/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace davy {
namespace {

TEST(Progress, LineShowsDoneLeftAndRate) {
  EXPECT_EQ(progress_line("files", 50, 100, 5.0), "[##########----------] 50/100 files, 50 left, 10/s");
  EXPECT_EQ(progress_line("files", 120, 100, 0.0), "[####################] 120/100 files, 0 left");
  EXPECT_EQ(progress_line("packets", 7, 0, 1.0), "7 packets, 7/s");
}

TEST(Progress, DrawsAtMostOncePerIntervalAndClears) {
  std::ostringstream out;
  ManualClock clock(Timestamp{});
  Progress progress(out, true, clock, "files", 10);
  progress.advance(1);
  EXPECT_EQ(out.str(), "");
  clock.advance(kProgressInterval);
  progress.advance(1);
  const std::string once = out.str();
  EXPECT_NE(once.find("2/10 files"), std::string::npos);
  progress.advance(1);
  EXPECT_EQ(out.str(), once);
  progress.finish();
  EXPECT_TRUE(out.str().ends_with("\x1b[K"));
}

TEST(Progress, SilentWhenDisabled) {
  std::ostringstream out;
  ManualClock clock(Timestamp{});
  {
    Progress progress(out, false, clock, "files", 10);
    clock.advance(std::chrono::seconds(5));
    progress.advance(5);
  }
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace davy

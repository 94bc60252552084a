#include "cli/probe_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/test_folder.h"

namespace davy::cli {
namespace {

class ProbeLogTest : public ::testing::Test {
 protected:
  Json ask(const char* target, const char* at) const {
    Json out = Json::object();
    out.set("what", "ask").set("address", target).set("at", at);
    return out;
  }
  TestFolder folder_;
  const std::string path_ = folder_ / "probes.jsonl";
};

TEST_F(ProbeLogTest, CountsWhatWasAskedSince) {
  {
    auto log = ProbeLog::open(path_);
    ASSERT_TRUE(log) << describe(log.error());
    ASSERT_TRUE(log->add(ask("10.0.0.1:3333", "2026-01-01T00:00:00Z")));
    ASSERT_TRUE(log->add(ask("10.0.0.1:3333", "2026-01-03T00:00:00Z")));
    ASSERT_TRUE(log->add(ask("10.0.0.2:3333", "2026-01-03T00:00:00Z")));
  }
  const auto log = ProbeLog::open(path_);
  ASSERT_TRUE(log);
  EXPECT_EQ(log->asked_since("10.0.0.1:3333", *parse_rfc3339("2026-01-02T00:00:00Z")), 1U);
  EXPECT_EQ(log->asked_since("10.0.0.1:3333", {}), 2U);
  EXPECT_EQ(log->asked_since("10.0.0.3:3333", {}), 0U);
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(ProbeLogTest, OneProbeAtATime) {
  const auto first = ProbeLog::open(path_);
  ASSERT_TRUE(first);
  EXPECT_FALSE(ProbeLog::open(path_));
}

TEST_F(ProbeLogTest, WhatCannotBeReadBackForbidsTheProbe) {
  for (const char* text :
       {"no json\n", "{\"at\":\"yesterday\",\"what\":\"ask\"}\n", "{\"at\":\"2026-01-01T00:00:00Z\"}"}) {
    std::ofstream(path_, std::ios::trunc) << text;
    const auto log = ProbeLog::open(path_);
    ASSERT_FALSE(log) << text;
    EXPECT_EQ(log.error().code, ErrorCode::malformed);
  }
}

TEST_F(ProbeLogTest, ALinkIsNotFollowed) {
  ASSERT_EQ(::symlink((folder_ / "elsewhere").c_str(), path_.c_str()), 0);
  EXPECT_FALSE(ProbeLog::open(path_));
}

}  // namespace
}  // namespace davy::cli

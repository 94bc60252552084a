#include "cli/recorder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/test_folder.h"

namespace davy::cli {
namespace {

class RecorderTest : public ::testing::Test {
 protected:
  void write(std::string_view text) { std::ofstream(path_, std::ios::binary) << text; }
  Result<RecordingHeader> read() {
    seen_.clear();
    return read_recording(path_, [this](model::Observation o) { seen_.push_back(std::move(o)); });
  }
  const TestFolder folder_;
  const std::string path_ = folder_ / "a.davyrec";
  std::vector<model::Observation> seen_;
};

TEST_F(RecorderTest, WhatIsWrittenIsReadAgain) {
  auto recorder = Recorder::create(path_, {"2026.11.1", "abc"});
  ASSERT_TRUE(recorder.has_value());
  recorder->write({{5}, model::SenseSeen{.id = "a", .on = true}});
  recorder->write({{6}, model::ExaminationEnd{.processes = 3}});
  ASSERT_TRUE(recorder->finish().has_value());
  const auto header = read();
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->intel_digest, "abc");
  ASSERT_EQ(seen_.size(), 2U);
  EXPECT_EQ(std::get<model::ExaminationEnd>(seen_[1].value).processes, 3U);
}

TEST_F(RecorderTest, AnExistingFileIsNotOverwritten) {
  write("precious");
  EXPECT_FALSE(Recorder::create(path_, {}).has_value());
}

TEST_F(RecorderTest, WhatCannotBeReadIsAnErrorAndNoEnd) {
  const auto header = read_recording(folder_ / ".", [](const model::Observation&) {});
  ASSERT_FALSE(header.has_value());
  EXPECT_EQ(header.error().code, ErrorCode::io);
}

TEST_F(RecorderTest, DamagedLinesAreNamedByNumber) {
  write("{\"type\":\"recording\",\"version\":1,\"intel\":\"1\",\"digest\":\"d\"}\n{\"type\":\"sense_seen\",\n");
  const auto header = read();
  ASSERT_FALSE(header.has_value());
  EXPECT_NE(header.error().message.find("line 2"), std::string::npos);
  write("");
  EXPECT_FALSE(read().has_value());
  write("{\"type\":\"recording\",\"version\":99}\n");
  EXPECT_FALSE(read().has_value());
}

}  // namespace
}  // namespace davy::cli

#include "network/capture_examiner.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "network/test_frames.h"

namespace davy::network {
namespace {

class CaptureExaminerTest : public ::testing::Test {
 protected:
  CaptureExaminerTest() : knowledge_(*intel::Knowledge::from_parts({}, "1")) {}
  void SetUp() override {
    auto started = CaptureExaminer::start(knowledge_, {.flows = {.flows_max = 1'000}}, 1);
    if (!started) GTEST_SKIP() << describe(started.error());
    examiner_.emplace(std::move(*started));
  }

  // A capture with one conversation of a miner.
  static Bytes capture() {
    Bytes out;
    append_u32_le(out, 0xa1b23c4d), append_u32_le(out, 4U << 16 | 2U), append_u64_le(out, 0);
    append_u32_le(out, 262'144), append_u32_le(out, 1);
    const auto add = [&](const Frame& frame) {
      append_u32_le(out, static_cast<std::uint32_t>(frame.at.nanoseconds / 1'000'000'000));
      append_u32_le(out, static_cast<std::uint32_t>(frame.at.nanoseconds % 1'000'000'000));
      append_u32_le(out, frame.original_bytes), append_u32_le(out, frame.original_bytes);
      out.insert(out.end(), frame.bytes.begin(), frame.bytes.end());
    };
    test::TcpTalk talk({1, 40'000}, {2, 3'333});
    talk.handshake(add);
    talk.say(add, 0,
             R"({"id":1,"method":"mining.subscribe","params":["cgminer/4.12"]})"
             "\n");
    talk.say(add, 1,
             R"({"id":1,"result":[[["mining.notify","ab"]],"08000002",4],"error":null})"
             "\n");
    talk.say(add, 1,
             R"({"id":null,"method":"mining.notify","params":["j",")" + std::string(64, '0') +
                 R"(","01","02",[],"20000000","1d00ffff","5e9a5b8e",true]})"
                 "\n");
    talk.close(add);
    return out;
  }
  std::size_t put(const Bytes& bytes) {
    std::ranges::copy(bytes, examiner_->window().begin());
    return bytes.size();
  }

  intel::Knowledge knowledge_;
  std::optional<CaptureExaminer> examiner_;
};

TEST_F(CaptureExaminerTest, TheWorkerIsConfinedAndFindsTheConversation) {
  EXPECT_TRUE(examiner_->worker().confinement().seccomp);
  ASSERT_TRUE(examiner_->read(put(capture())).has_value());
  EXPECT_FALSE(examiner_->damage().has_value());
  const auto end = examiner_->finish();
  ASSERT_TRUE(end.has_value()) << describe(end.error());
  ASSERT_EQ(end->size(), 5U);
  EXPECT_EQ(std::get<model::ConversationSeen>((*end)[1].value).dialect, "stratum");
  EXPECT_EQ(std::get<model::CaptureEnd>(end->back().value).packets, 8U);
}

TEST_F(CaptureExaminerTest, ReportsWhileTheCaptureGoesOn) {
  EXPECT_TRUE(examiner_->report({1})->empty()) << "before anything was read";
  ASSERT_TRUE(examiner_->read(put(capture())).has_value());
  const auto so_far = examiner_->report({1'767'000'001'000'000'000});
  ASSERT_TRUE(so_far.has_value()) << describe(so_far.error());
  ASSERT_EQ(so_far->size(), 2U);
  EXPECT_EQ(std::get<model::ConversationSeen>((*so_far)[1].value).dialect, "stratum");
  EXPECT_EQ(examiner_->finish()->size(), 5U);
}

TEST_F(CaptureExaminerTest, OneCaptureAfterAnotherAndDamageInBetween) {
  ASSERT_TRUE(examiner_->read(put({'n', 'o', ' ', 'c', 'a', 'p'})).has_value());
  EXPECT_TRUE(examiner_->damage().has_value());
  ASSERT_TRUE(examiner_->finish().has_value());
  ASSERT_TRUE(examiner_->read(put(capture())).has_value());
  EXPECT_EQ(examiner_->finish()->size(), 5U);  // with what both hosts did
}

TEST_F(CaptureExaminerTest, ExtractsTheFramesAndMessagesOfAFlow) {
  ASSERT_TRUE(examiner_->read(put(capture())).has_value());
  const auto seen = examiner_->finish();
  const auto& flow = std::get<model::FlowSeen>((*seen)[0].value);
  ASSERT_TRUE(examiner_->select({{flow.flow, flow.last_ns}}).has_value());
  const auto parts = examiner_->extract(put(capture()));
  ASSERT_TRUE(parts.has_value()) << describe(parts.error());
  ASSERT_EQ(parts->size(), 1U);
  EXPECT_EQ((*parts)[0].capture, capture()) << "all of its frames, and no others were there";
  EXPECT_EQ(std::ranges::count((*parts)[0].messages, '\n'), 3);
  EXPECT_NE((*parts)[0].messages.find(R"("side":"client","carrier":"line","json":{"id":1,"method":"mining.subscribe")"),
            std::string::npos);
  EXPECT_TRUE(examiner_->finish_extract().has_value());
}

}  // namespace
}  // namespace davy::network

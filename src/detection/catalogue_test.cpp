#include "detection/catalogue.h"

#include <gtest/gtest.h>

namespace davy::detection {
namespace {

Json kind_with(const char* weight_and_basis, const char* group = "work") {
  return *Json::parse(
      std::string(R"({"kinds":[{"id":"a.b","hypotheses":["mines"],"group":")") + group +
      R"(","attack":["T1496.001"],"meaning":{"zh":"甲","en":"a"},"refuted_by":{"zh":"乙","en":"b"},"source":"s",)" +
      weight_and_basis + "}]}");
}

ErrorCode refusal(const Json& part) {
  const auto catalogue = Catalogue::parse(part);
  EXPECT_FALSE(catalogue.has_value());
  return catalogue ? ErrorCode::io : catalogue.error().code;
}

TEST(Catalogue, AcceptsAWeightAtWhatItsBasisSupports) {
  const auto catalogue = Catalogue::parse(
      kind_with(R"("decibans":20.3,"basis":{"kind":"measured","n":320,"false_hits":0,"upper95":0.00932})"));
  ASSERT_TRUE(catalogue.has_value()) << describe(catalogue.error());
  EXPECT_EQ(catalogue->find("a.b")->meaning.zh, "甲");
  EXPECT_EQ(catalogue->find("a.c"), nullptr);
}

TEST(Catalogue, RefusesAWeightAboveItsBasis) {
  EXPECT_EQ(refusal(kind_with(R"("decibans":20.5,"basis":{"kind":"measured","n":320,"upper95":0.00932})")),
            ErrorCode::limit_exceeded);
  EXPECT_EQ(refusal(kind_with(R"("decibans":10.5,"basis":{"kind":"assigned","argument":"x"})")),
            ErrorCode::limit_exceeded);
  EXPECT_EQ(refusal(kind_with(R"("decibans":31.0,"basis":{"kind":"derived","arithmetic":"x"})")),
            ErrorCode::limit_exceeded);
}

TEST(Catalogue, RefusesAMissingBasisLanguageGroupOrHypothesis) {
  EXPECT_EQ(refusal(kind_with(R"("decibans":5.0,"basis":{"kind":"assigned"})")), ErrorCode::malformed);
  EXPECT_EQ(refusal(kind_with(R"("decibans":5.0,"basis":{"kind":"measured","n":0,"upper95":0.1})")),
            ErrorCode::malformed);
  EXPECT_EQ(refusal(kind_with(R"("decibans":5.0,"basis":{"kind":"guessed"})")), ErrorCode::malformed);
  EXPECT_EQ(refusal(kind_with(R"("decibans":5.0,"basis":{"kind":"assigned","argument":"x"})", "gossip")),
            ErrorCode::malformed);
  EXPECT_EQ(refusal(Json::object()), ErrorCode::malformed);
}

TEST(Catalogue, NegativeEvidenceBelongsToContextOnly) {
  EXPECT_EQ(refusal(kind_with(R"("decibans":-5.0,"basis":{"kind":"assigned","argument":"x"})")), ErrorCode::malformed);
  EXPECT_TRUE(Catalogue::parse(kind_with(R"("decibans":-5.0,"basis":{"kind":"assigned","argument":"x"})", "context"))
                  .has_value());
}

}  // namespace
}  // namespace davy::detection

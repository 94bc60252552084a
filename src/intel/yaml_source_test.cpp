#include "intel/yaml_source.h"

#include <gtest/gtest.h>

namespace davy::intel {
namespace {

std::string json_of(const std::string& yaml) {
  const auto value = parse_yaml(yaml, "x.yaml");
  return value ? value->dump() : describe(value.error());
}

ErrorCode refusal(const std::string& yaml) {
  const auto value = parse_yaml(yaml, "x.yaml");
  EXPECT_FALSE(value.has_value()) << value->dump();
  return value ? ErrorCode::io : value.error().code;
}

TEST(YamlSource, MappingsSequencesAndScalars) {
  EXPECT_EQ(json_of("a: {b: [1, -2, 3.5], c: true}\nd: text # remark\ne: ~\nf:\n"),
            R"({"a":{"b":[1,-2,3.5],"c":true},"d":"text","e":null,"f":null})");
  EXPECT_EQ(json_of("- x\n- - y\n"), R"(["x",["y"]])");
  EXPECT_EQ(json_of(""), "null");
}

TEST(YamlSource, QuotedDigitsAndOddNumbersAreText) {
  EXPECT_EQ(json_of(R"(["1", '2', 007, 0x10, 1e5, 1.2.3, 63e4, -, 1., 'true', 18446744073709551615, 0, 0.5])"),
            R"(["1","2","007","0x10","1e5","1.2.3","63e4","-","1.","true",18446744073709551615,0,0.5])");
}

TEST(YamlSource, RefusesWhatWeDoNotUse) {
  EXPECT_EQ(refusal("a: &x 1\nb: *x\n"), ErrorCode::malformed);
  EXPECT_EQ(refusal("a: &x [1]\n"), ErrorCode::malformed);
  EXPECT_EQ(refusal("a: !!binary AAAA\n"), ErrorCode::malformed);
  EXPECT_EQ(refusal("a: 1\na: 2\n"), ErrorCode::malformed);
  EXPECT_EQ(refusal("{[a]: 1}"), ErrorCode::malformed);
  EXPECT_EQ(refusal("a: 1\n---\nb: 2\n"), ErrorCode::malformed);
  EXPECT_EQ(refusal("a: [1\n"), ErrorCode::malformed);
  EXPECT_EQ(refusal("\"\\"), ErrorCode::malformed);
}

TEST(YamlSource, ErrorsNameLineAndFile) { EXPECT_EQ(json_of("a: 1\na: 2\n"), "line 2: a key is given twice (x.yaml)"); }

TEST(YamlSource, Limits) {
  const std::string deepest = std::string(kYamlDepthMax, '[') + std::string(kYamlDepthMax, ']');
  EXPECT_TRUE(parse_yaml(deepest, "x").has_value());
  EXPECT_EQ(refusal("[" + deepest + "]"), ErrorCode::limit_exceeded);
  EXPECT_EQ(refusal(std::string(kYamlBytesMax + 1, ' ')), ErrorCode::limit_exceeded);
  std::string many = "{";
  for (std::size_t i = 0; i <= kYamlKeysMax; ++i) many += "k" + std::to_string(i) + ": 1, ";
  EXPECT_EQ(refusal(many + "}"), ErrorCode::limit_exceeded);
  std::string items = "[";
  for (std::size_t i = 0; i <= kYamlNodesMax; ++i) items += "1,";
  EXPECT_EQ(refusal(items + "]"), ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace davy::intel

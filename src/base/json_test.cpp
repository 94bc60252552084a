#include "base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace davy {
namespace {

std::string again(std::string_view text) { return Json::parse(text).value().dump(); }

ErrorCode refusal(std::string_view text) {
  const auto parsed = Json::parse(text);
  return parsed ? ErrorCode::io : parsed.error().code;
}

TEST(Json, KeepsTheOrderOfMembers) {
  EXPECT_EQ(again(R"( {"b":1, "a":[true,false,null], "c":{"z":{},"y":[]}} )"),
            R"({"b":1,"a":[true,false,null],"c":{"z":{},"y":[]}})");
  Json value;
  value.set("x", 1).set("y", "two").set("x", 3);
  EXPECT_EQ(value.dump(), R"({"x":3,"y":"two"})");
}

TEST(Json, ALaterMemberReplacesAnEarlierOne) { EXPECT_EQ(again(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})"); }

TEST(Json, NumbersKeepTheirKind) {
  EXPECT_EQ(again("[0,-1,9223372036854775807,18446744073709551615,1.5,1e300]"),
            "[0,-1,9223372036854775807,18446744073709551615,1.5,1e+300]");
  EXPECT_EQ(Json(24.0).dump(), "24.0");
  EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).dump(), "null");
  EXPECT_EQ(Json(std::nan("")).dump(), "null");
  EXPECT_EQ(Json::parse("7").value().double_or(0), 7.0);
  EXPECT_EQ(Json::parse("7").value().uint_or(0), 7U);
  EXPECT_EQ(Json::parse("-7").value().uint_or(5), 5U);
  EXPECT_EQ(Json::parse("18446744073709551615").value().int_or(5), 5);
  EXPECT_EQ(Json(std::uint64_t{7}).int_or(5), 7);
}

TEST(Json, DepthIsLimited) {
  const std::string deepest = std::string(kJsonDepthMax, '[') + std::string(kJsonDepthMax, ']');
  EXPECT_TRUE(Json::parse(deepest).has_value());
  EXPECT_EQ(refusal("[" + deepest + "]"), ErrorCode::limit_exceeded);
  EXPECT_EQ(refusal(std::string(1 << 20, '[')), ErrorCode::limit_exceeded);
}

TEST(Json, RefusesWhatIsNotOneValue) {
  for (const auto* text : {"", " ", "{", "[1,]", "{\"a\"}", "{} {}", "1 2", "nul", "'a'", "{a:1}", "[1", "\"", "01",
                           "+1", "NaN", "// x\n1", "\"\\x\"", "\"a\nb\""})
    EXPECT_EQ(refusal(text), ErrorCode::malformed) << text;
  EXPECT_EQ(refusal(std::string("1\0", 2)), ErrorCode::malformed);
}

TEST(Json, RefusesInvalidUtf8) {
  for (const auto* text : {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xe4\xb8\""})
    EXPECT_EQ(refusal(text), ErrorCode::malformed) << text;
  EXPECT_EQ(again("\"矿\\u77ff\\ud83d\\ude00\""), "\"矿矿😀\"");
}

TEST(Json, WhatIsWrittenIsAlwaysJson) {
  const std::string foreign("a\"\\\n\t\x01\x1b\xff\xc3(矿\0z", 15);
  const Json written(foreign);
  EXPECT_TRUE(Json::parse(written.dump()).has_value());
  EXPECT_EQ(Json("\x1b\xff").dump(), "\"\\u001b\xef\xbf\xbd\"");
}

TEST(Json, MissingThingsAreNull) {
  const Json value = Json::parse(R"({"a":{"b":[1]}})").value();
  EXPECT_EQ(value["a"]["b"].items()[0].int_or(0), 1);
  EXPECT_TRUE(value["x"]["y"].is_null());
  EXPECT_EQ(value["a"].string_or("none"), "none");
  EXPECT_TRUE(value["a"].items().empty());
  EXPECT_TRUE(value["a"]["b"].members().empty());
  EXPECT_TRUE(value["a"]["b"].items()[0].is_number());
  EXPECT_FALSE(value["a"].bool_or(false));
}

TEST(Json, LongTextsArriveWhole) {
  const std::string words(100'000, 'w');
  EXPECT_EQ(Json::parse(Json(words).dump()).value().string_or(""), words);
  const std::string keyed = "{\"" + words + "\":1}";
  EXPECT_EQ(again(keyed), keyed);
}

TEST(Json, PrintableHasNoControls) {
  EXPECT_EQ(printable("矿 ok"), "矿 ok");
  EXPECT_EQ(printable("a\x1b[31m\nb\x7f"), "a?[31m?b?");
  EXPECT_EQ(printable("\xc2\x9b"), "?");
  EXPECT_EQ(printable("a\u202egpj.exe\u2066b\u200f\u061c\u2028"), "a?gpj.exe?b???");
  EXPECT_EQ(printable("\u2027\u202f\u2065\u206a\u200d"), "\u2027\u202f\u2065\u206a\u200d");
  EXPECT_EQ(printable("\xff"), "\xef\xbf\xbd");
  EXPECT_EQ(printable("\xe4\xb8"), "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Json, LongNumbersPrintAsTheyWereRead) {
  const auto number = Json::parse("2233333332333333333333e222");
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(number->dump(), Json::parse(number->dump())->dump());
  EXPECT_EQ(Json::parse("[1.5,-2e3,7]")->dump(), "[1.5,-2000.0,7]");
}

}  // namespace
}  // namespace davy

#include "base/config.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/test_folder.h"

namespace davy {
namespace {

std::string refusal(std::string_view toml) {
  const auto parsed = Settings::parse(toml, "davy.toml");
  return parsed ? "accepted" : describe(parsed.error());
}

TEST(Config, DefaultsFitTheirOwnTable) {
  const Settings settings;
  for (const auto& spec : known_settings()) {
    ASSERT_TRUE(settings.words(spec.name)) << spec.name;
    EXPECT_EQ(settings.origin(spec.name), "default");
    Settings copy;
    EXPECT_TRUE(copy.set(spec.name, spec.default_value, "test").has_value()) << spec.name;
  }
  EXPECT_EQ(settings.text("response.mode"), "observe");
  EXPECT_EQ(settings.number("check.observe_seconds"), 1.0);
  EXPECT_TRUE(settings.boolean("check.memory"));
  EXPECT_TRUE(settings.list("intel.extra_packs").empty());
  EXPECT_EQ(settings.words("host.watts_per_core"), "10.0");
}

TEST(Config, FileOverDefaultsAndCommandLineOverFile) {
  auto settings = Settings::parse(
                      "language = 'zh'\n[check]\nobserve_seconds = 2\nmemory = false\n"
                      "[intel]\nextra_packs = ['/a', '/b']\n",
                      "davy.toml")
                      .value();
  EXPECT_EQ(settings.text("language"), "zh");
  EXPECT_EQ(settings.number("check.observe_seconds"), 2.0);
  EXPECT_EQ(settings.origin("check.observe_seconds"), "davy.toml:3");
  EXPECT_EQ(settings.list("intel.extra_packs"), (StringList{"/a", "/b"}));
  ASSERT_TRUE(settings.set("check.observe_seconds", "0.5", "command line").has_value());
  EXPECT_EQ(settings.number("check.observe_seconds"), 0.5);
  EXPECT_EQ(settings.origin("check.observe_seconds"), "command line");
}

TEST(Config, DottedKeysAreTables) {
  EXPECT_EQ(Settings::parse("response.mode = 'ask'").value().text("response.mode"), "ask");
}

TEST(Config, ErrorsNameFileAndLine) {
  EXPECT_EQ(refusal("\n[check]\nobserve_second = 1\n"),
            "unknown setting 'check.observe_second', did you mean check.observe_seconds (davy.toml:3)");
  EXPECT_EQ(refusal("[chekc]\nmemory = true\n"), "unknown setting 'chekc' (davy.toml:1)");
  EXPECT_EQ(refusal("language = 1\n"), "language must be a text (davy.toml:1)");
  EXPECT_EQ(refusal("[check]\nmemory = 'yes'\n"), "check.memory must be true or false (davy.toml:2)");
  EXPECT_EQ(refusal("[check]\nobserve_seconds = 1e9\n"),
            "check.observe_seconds must be from 0.1 to 3600.0 (davy.toml:2)");
  EXPECT_EQ(refusal("[check]\nobserve_seconds = nan\n"),
            "check.observe_seconds must be from 0.1 to 3600.0 (davy.toml:2)");
  EXPECT_EQ(refusal("response.mode = 'kill'\n"), "response.mode must be one of observe, ask, act (davy.toml:1)");
  EXPECT_EQ(refusal("intel.extra_packs = [1]\n"), "intel.extra_packs has a value of the wrong type (davy.toml:1)");
  EXPECT_EQ(refusal("check = 1\n"), "unknown setting 'check' (davy.toml:1)");
  EXPECT_NE(refusal("a = \n").find("davy.toml:1"), std::string::npos);
}

TEST(Config, LimitsHold) {
  EXPECT_NE(refusal(std::string(kConfigBytesMax + 1, ' ')).find("too long"), std::string::npos);
  EXPECT_NE(refusal("a = " + std::string(100'000, '[')).find("nested too deeply"), std::string::npos);
  std::string many = "intel.extra_packs = [";
  for (std::size_t i = 0; i <= kConfigListItemsMax; ++i) many += "'/p',";
  EXPECT_NE(refusal(many + "]").find("too many items"), std::string::npos);
}

TEST(Config, CommandLineValuesAreChecked) {
  Settings settings;
  EXPECT_EQ(settings.set("no.such", "1", "x").error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(settings.set("check.memory", "maybe", "x").has_value());
  EXPECT_FALSE(settings.set("check.observe_seconds", "1s", "x").has_value());
  EXPECT_TRUE(settings.set("intel.extra_packs", "/a,/b", "x").has_value());
  EXPECT_EQ(settings.words("intel.extra_packs"), "/a,/b");
  EXPECT_FALSE(settings.words("no.such"));
}

TEST(Config, LoadsAFile) {
  const TestFolder folder;
  ASSERT_TRUE(write_file_durably(folder / "davy.toml", as_bytes("language = 'en'\n"), 0600).has_value());
  const auto settings = Settings::load(folder / "davy.toml").value();
  EXPECT_EQ(settings.text("language"), "en");
  EXPECT_EQ(settings.origin("language"), (folder / "davy.toml") + ":1");
  EXPECT_EQ(Settings::load(folder / "none").error().code, ErrorCode::not_found);
}

TEST(Config, TextThatTheLibraryTakesForImpossibleIsAnError) {
  for (const char* text : {"[\x02", "[", "[[[h", "[.]", "5=[\n}\n", "c\xc3\x84'"}) EXPECT_NE(refusal(text), "accepted");
}

}  // namespace
}  // namespace davy

#include "base/text.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "base/bytes.h"
#include "base/file.h"
#include "base/test_folder.h"

namespace davy {
namespace {

TEST(Text, BothLanguagesWithArguments) {
  EXPECT_EQ(text(TextId::base_verdict_confirmed, Language::zh), "已证实");
  EXPECT_EQ(text(TextId::advice_not_found, Language::en, {{"what", "pid 7"}}),
            "pid 7 was not found; check the name and the path.");
  const Bilingual both = text_in_both(TextId::base_verdict_clear);
  EXPECT_EQ(both.in(Language::en), "clear");
  EXPECT_EQ(both.in(Language::zh), "未见异常");
}

TEST(Text, PatternsAreFilledOnce) {
  EXPECT_EQ(fill_in("{a}{b}{a}", {{"a", "{b}"}, {"b", "2"}}), "{b}2{b}");
  EXPECT_EQ(fill_in("{missing} {", {}), "{missing} {");
  EXPECT_EQ(fill_in("{{a}} }", {{"a", "1"}}), "{a} }");
  EXPECT_EQ(fill_in("", {}), "");
}

TEST(Text, EveryIdIsFoundByItsName) {
  ASSERT_GT(text_count(), 0U);
  for (std::size_t i = 0; i < text_count(); ++i) {
    const auto id = static_cast<TextId>(i);
    EXPECT_EQ(find_text(dotted_name(id)), id) << dotted_name(id);
    EXPECT_FALSE(text(id, Language::zh).empty());
  }
  EXPECT_EQ(find_text("help.usage"), TextId::help_usage);
  EXPECT_FALSE(find_text("help"));
  EXPECT_FALSE(find_text("zzzz.zzzz"));
}

TEST(Text, LanguageComesFromTheFirstLocaleSet) {
  EXPECT_EQ(language_from_locale("", "", "zh_CN.UTF-8"), Language::zh);
  EXPECT_EQ(language_from_locale("en_GB.UTF-8", "zh_CN", "zh_CN"), Language::en);
  EXPECT_EQ(language_from_locale("", "zh_TW", "C"), Language::zh);
  EXPECT_EQ(language_from_locale("C", "", "zh_CN"), Language::en);
  EXPECT_EQ(language_from_locale("", "", ""), Language::en);
}

TEST(Text, ChineseTakesTwoCells) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("矿工ab，"), 8U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);
  EXPECT_EQ(display_width("\xff\xe4"), 2U);
  EXPECT_EQ(pad_to("矿", 4), "矿  ");
  EXPECT_EQ(pad_to("abcdef", 4), "abcdef");
}

struct Outcome {
  int status;
  std::string output;
};

Outcome compile(const TestFolder& folder, std::initializer_list<std::string_view> files) {
  std::string command = "/usr/bin/python3 " DAVY_SOURCE_DIR "/tools/compile_text.py " + (folder / "out");
  int number = 0;
  for (const auto content : files) {
    const std::string path = folder / (std::to_string(number++) + ".yaml");
    EXPECT_TRUE(write_file_durably(path, as_bytes(content), 0600).has_value());
    command += " " + path;
  }
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  const std::size_t length = std::fread(buffer.data(), 1, buffer.size(), pipe);
  const std::string output(buffer.data(), length);
  return {WEXITSTATUS(pclose(pipe)), output};
}

TEST(CompileText, MergesFilesAndSortsIds) {
  const TestFolder folder;
  const Outcome made = compile(folder, {"b.x: {zh: 乙, en: 'say \"b\" {n}? {n}'}", "a.y: {zh: 甲, en: a}"});
  EXPECT_EQ(made.status, 1) << "arguments differ";
  EXPECT_EQ(compile(folder, {"b.x: {zh: '乙{n}', en: 'say \"b\" {n}?'}", "a.y: {zh: 甲, en: a}"}).status, 0);
  EXPECT_EQ(as_text(read_file(folder / "out/text_ids.inc", 1000).value()), "a_y,\nb_x,\n");
}

TEST(CompileText, RefusesNamingFileAndId) {
  const TestFolder folder;
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a.b: {zh: 甲}", "language en is missing"},
      {"a.b: {zh: 甲, en: ''}", "language en is missing"},
      {"a.b: {zh: 甲, en: a, fr: b}", "unknown key 'fr'"},
      {"a.b: {zh: '甲{x}', en: 'a{y}'}", "arguments differ"},
      {"a.b: {zh: 甲, en: '{'}", "a brace"},
      {"a.b: {zh: 甲, en: a}\na.b: {zh: 乙, en: b}", "given twice"},
      {"a.b_c: {zh: 甲, en: a}\na.b.c: {zh: 乙, en: b}", "already given"},
      {"A.b: {zh: 甲, en: a}", "not a dotted"},
      {"a.b: text", "not a mapping"},
  };
  for (const auto& [content, reason] : cases) {
    const Outcome outcome = compile(folder, {content});
    EXPECT_EQ(outcome.status, 1) << content;
    EXPECT_NE(outcome.output.find(reason), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find("0.yaml"), std::string::npos) << outcome.output;
  }
  EXPECT_NE(compile(folder, {"a.b: {zh: 甲, en: a}", "a.b: {zh: 甲, en: a}"}).output.find("already given"),
            std::string::npos);
}

}  // namespace
}  // namespace davy

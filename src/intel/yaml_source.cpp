#include "intel/yaml_source.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <optional>
#include <set>
#include <sstream>

namespace davy::intel {
namespace {

// Leaves yaml-cpp's parser, which knows only exceptions; caught in parse_yaml.
struct Refusal {
  ErrorCode code;
  std::string why;
  int line;
};

template <class Number>
std::optional<Json> whole_number(std::string_view text) {
  Number value{};
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return Json(value);
}

Json plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null") return {};
  if (text == "true" || text == "false") return text == "true";
  const bool decimal = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  const std::size_t first_digit = text.starts_with('-') ? 1 : 0;
  const bool padded = text.size() > first_digit + 1 && text[first_digit] == '0' && text[first_digit + 1] != '.';
  if (!decimal || padded) return text;
  if (auto number = whole_number<std::int64_t>(text)) return *number;
  if (auto number = whole_number<std::uint64_t>(text)) return *number;
  if (text.find('.') == std::string::npos || text.ends_with('.')) return text;
  return whole_number<double>(text).value_or(Json(text));
}

// Builds the value from the parser's events, so that nothing is ever held that a limit does not cover.
class Builder final : public YAML::EventHandler {
 public:
  Json take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    place(mark, Json());
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(mark, "aliases are not used here"); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (expects_key()) return set_key(mark, value);
    place(mark, tag == "!" ? Json(value) : plain_scalar(value));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Json::array());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Json::object());
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Json value;
    std::set<std::string> keys = {};
    std::string key = {};
    bool has_key = false;
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, const char* why, ErrorCode code = ErrorCode::malformed) {
    throw Refusal{code, why, mark.line + 1};
  }
  static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) refuse(mark, "anchors are not used here");
  }
  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "tags are not used here");
  }

  bool expects_key() const { return !levels_.empty() && levels_.back().value.is_object() && !levels_.back().has_key; }

  void set_key(const YAML::Mark& mark, const std::string& key) {
    Level& level = levels_.back();
    if (level.keys.size() >= kYamlKeysMax) refuse(mark, "too many keys in one mapping", ErrorCode::limit_exceeded);
    if (!level.keys.insert(key).second) refuse(mark, "a key is given twice");
    level.key = key;
    level.has_key = true;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Json value) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (expects_key()) refuse(mark, "a key is a word");
    if (levels_.size() >= kYamlDepthMax) refuse(mark, "nested too deeply", ErrorCode::limit_exceeded);
    count(mark);
    levels_.push_back({.value = std::move(value)});
  }

  void close() {
    Json value = std::move(levels_.back().value);
    levels_.pop_back();
    attach(std::move(value));
  }

  void place(const YAML::Mark& mark, Json value) {
    if (expects_key()) refuse(mark, "a key is a word");
    count(mark);
    attach(std::move(value));
  }

  void attach(Json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return;
    }
    Level& level = levels_.back();
    if (level.has_key) {
      level.value.set(level.key, std::move(value));
      level.has_key = false;
    } else {
      level.value.push(std::move(value));
    }
  }

  void count(const YAML::Mark& mark) {
    if (++nodes_ > kYamlNodesMax) refuse(mark, "too many values", ErrorCode::limit_exceeded);
  }

  Json root_;
  std::vector<Level> levels_;
  std::size_t nodes_ = 0;
};

}  // namespace

Result<Json> parse_yaml(std::string_view text, const std::string& where) {
  if (text.size() > kYamlBytesMax) return fail(ErrorCode::limit_exceeded, "longer than a YAML file may be", where);
  const auto at_line = [](const std::string& why, int line) { return "line " + std::to_string(line) + ": " + why; };
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    if (!parser.HandleNextDocument(builder)) return Json();
    Builder rest;
    if (parser.HandleNextDocument(rest)) return fail(ErrorCode::malformed, "more than one YAML document", where);
    return builder.take();
  } catch (const Refusal& refusal) {
    return fail(refusal.code, at_line(refusal.why, refusal.line), where);
  } catch (const YAML::Exception& problem) {
    return fail(ErrorCode::malformed, at_line(problem.msg, problem.mark.line + 1), where);
  } catch (const std::exception& problem) {
    return fail(ErrorCode::malformed, problem.what(), where);
  }
}

}  // namespace davy::intel

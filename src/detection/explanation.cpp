#include "detection/explanation.h"

#include <cmath>
#include <string_view>

#include "base/text.h"

namespace davy::detection {
namespace {

std::string plain(const Json& value) {
  if (value.is_string()) return value.string_or("").empty() ? "—" : std::string(value.string_or(""));
  if (value.is_array()) {
    std::string out;
    for (const Json& item : value.items()) out += (out.empty() ? "" : ", ") + plain(item);
    return out;
  }
  return value.dump();
}

std::string fill_in_members(std::string pattern, const Json& detail) {
  for (const auto& [name, value] : detail.members()) {
    const std::string slot = "{" + name + "}";
    const std::string words = plain(value);
    for (std::size_t at = pattern.find(slot); at != std::string::npos; at = pattern.find(slot, at + words.size()))
      pattern.replace(at, slot.size(), words);
  }
  return pattern;
}

TextId verdict_text(model::Hypothesis hypothesis, model::Verdict verdict) {
  const std::string id = "finding." + std::string(name_of(hypothesis)) + "." + std::string(name_of(verdict));
  return find_text(id).value_or(TextId::finding_generic);
}

void append(model::Sentence& out, const Bilingual& more) {
  out.zh += more.zh;
  out.en += (out.en.empty() ? "" : " ") + more.en;
}

std::string joined_groups(const Balance& balance, Language language) {
  std::string out;
  for (const auto& [group, decibans] : balance.groups) {
    const TextId id = find_text("group." + group).value_or(TextId::finding_generic);
    out += (out.empty() ? "" : language == Language::zh ? "、" : ", ") + text(id, language);
  }
  return out;
}

}  // namespace

model::Sentence fill_in_detail(const model::Sentence& pattern, const Json& detail) {
  return {fill_in_members(pattern.zh, detail), fill_in_members(pattern.en, detail)};
}

model::Sentence explain(const model::Finding& finding, const Balance& balance) {
  model::Sentence out;
  append(out, text_in_both(verdict_text(finding.hypothesis, finding.verdict)));
  append(out, {text(TextId::finding_groups, Language::zh, {{"groups", joined_groups(balance, Language::zh)}}),
               text(TextId::finding_groups, Language::en, {{"groups", joined_groups(balance, Language::en)}})});
  if (finding.hypothesis != model::Hypothesis::mines) return out;
  const bool work_only = balance.groups.contains("work") && !balance.groups.contains("wire");
  bool pool_named = false;
  for (const auto& piece : finding.evidence) pool_named |= !piece.detail["pool"].string_or("").empty();
  if (work_only && !pool_named) append(out, text_in_both(TextId::finding_no_pool_seen));
  return out;
}

std::vector<model::Action> actions_for(const model::Finding& finding) {
  const auto* process = std::get_if<model::ProcessSubject>(&finding.subject);
  if (process == nullptr || process->ended || finding.hypothesis != model::Hypothesis::mines) return {};
  const std::string pid = std::to_string(process->pid);
  return {{"freeze", true, "kill -STOP " + pid},
          {"preserve", true, "cp /proc/" + pid + "/exe davy-evidence-" + pid + ".bin"},
          {"stop", false, "kill -KILL " + pid}};
}

}  // namespace davy::detection

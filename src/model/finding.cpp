#include "model/finding.h"

namespace davy::model {
namespace {

Json to_json(const Sentence& sentence) {
  Json out = Json::object();
  out.set("zh", sentence.zh).set("en", sentence.en);
  return out;
}

Json strings(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push(text);
  return out;
}

Json to_json(const WeighedEvidence& evidence) {
  Json out = Json::object();
  out.set("kind", evidence.kind).set("group", evidence.group).set("decibans", evidence.decibans);
  out.set("counted", evidence.counted).set("basis", evidence.basis).set("attack", strings(evidence.attack));
  out.set("at", to_rfc3339(evidence.at)).set("summary", to_json(evidence.summary));
  out.set("refuted_by", to_json(evidence.refuted_by)).set("detail", evidence.detail);
  if (!evidence.excerpt.empty()) out.set("excerpt", evidence.excerpt);
  return out;
}

Json to_json(const std::vector<WeighedEvidence>& evidence) {
  Json out = Json::array();
  for (const WeighedEvidence& piece : evidence) out.push(to_json(piece));
  return out;
}

Json to_json(const std::optional<Declaration>& declared) {
  if (!declared) return {};
  Json out = Json::object();
  out.set("by", declared->by).set("until", declared->until);
  return out;
}

Json to_json(const std::vector<Action>& actions) {
  Json out = Json::array();
  for (const Action& action : actions) {
    Json item = Json::object();
    item.set("id", action.id).set("reversible", action.reversible).set("command", action.command);
    out.push(std::move(item));
  }
  return out;
}

}  // namespace

Json to_json(const Finding& finding) {
  Json out = Json::object();
  out.set("type", "finding").set("id", finding.id).set("hypothesis", name_of(finding.hypothesis));
  out.set("verdict", name_of(finding.verdict)).set("decibans", finding.decibans);
  out.set("declared", to_json(finding.declared)).set("subject", to_json(finding.subject));
  out.set("evidence", to_json(finding.evidence));
  out.set("class", finding.content_class ? Json(*finding.content_class) : Json());
  out.set("against", to_json(finding.against)).set("chain", strings(finding.chain));
  out.set("related", strings(finding.related)).set("campaign", finding.campaign ? Json(*finding.campaign) : Json());
  out.set("explanation", to_json(finding.explanation)).set("actions", to_json(finding.actions));
  return out;
}

}  // namespace davy::model

#include "detection/catalogue.h"

#include <algorithm>
#include <cmath>

namespace davy::detection {
namespace {

constexpr double kRoundingSlack = 0.05;  // weights are written with one decimal

tl::unexpected<Error> bad(std::string message, const std::string& id) {
  return fail(ErrorCode::malformed, "evidence catalogue: " + std::move(message), id);
}

Result<model::Sentence> read_sentence(const Json& json, const char* what, const std::string& id) {
  model::Sentence out{std::string(json["zh"].string_or("")), std::string(json["en"].string_or(""))};
  if (out.zh.empty() || out.en.empty()) return bad(std::string(what) + " lacks a language", id);
  return out;
}

// The largest weight that the basis supports, in decibans.
Result<double> ceiling_of(const Json& basis, const std::string& id) {
  const std::string_view kind = basis["kind"].string_or("");
  if (kind == "assigned") {
    if (basis["argument"].string_or("").empty()) return bad("an assigned weight needs its argument", id);
    return kAssignedDecibansMax;
  }
  if (kind == "derived") {
    if (basis["arithmetic"].string_or("").empty()) return bad("a derived weight needs its arithmetic", id);
    return kDecibansMax;
  }
  if (kind != "measured") return bad("basis is measured, derived or assigned", id);
  const double upper = basis["upper95"].double_or(0.0);
  if (basis["n"].int_or(0) <= 0 || upper <= 0.0 || upper > 1.0) return bad("a measured weight needs n and upper95", id);
  return std::min(kDecibansMax, -10.0 * std::log10(upper));
}

Status check_weight(const EvidenceKind& kind, const Json& basis) {
  const double ceiling = TRY(ceiling_of(basis, kind.id));
  if (!std::isfinite(kind.decibans)) return bad("weight is not a number", kind.id);
  if (std::abs(kind.decibans) > ceiling + kRoundingSlack)
    return fail(ErrorCode::limit_exceeded, "evidence catalogue: the weight exceeds what its basis supports", kind.id);
  if ((kind.decibans < 0.0) != (kind.group == "context"))
    return bad("evidence against belongs to the group context, and only that", kind.id);
  return {};
}

Result<EvidenceKind> read_kind(const Json& json) {
  EvidenceKind kind;
  kind.id = json["id"].string_or("");
  if (kind.id.find('.') == std::string::npos) return bad("an id is family.name", kind.id);
  kind.group = json["group"].string_or("");
  if (std::ranges::find(known_groups(), kind.group) == known_groups().end()) return bad("no such group", kind.id);
  for (const Json& item : json["hypotheses"].items())
    kind.hypotheses.push_back(TRY(model::parse_hypothesis(item.string_or(""))));
  if (kind.hypotheses.empty()) return bad("answers no hypothesis", kind.id);
  kind.decibans = json["decibans"].double_or(NAN);
  kind.basis = json["basis"]["kind"].string_or("");
  for (const Json& item : json["attack"].items()) kind.attack.emplace_back(item.string_or(""));
  kind.meaning = TRY(read_sentence(json["meaning"], "meaning", kind.id));
  kind.refuted_by = TRY(read_sentence(json["refuted_by"], "refuted_by", kind.id));
  kind.source = json["source"].string_or("");
  if (kind.source.empty()) return bad("names no source", kind.id);
  TRY(check_weight(kind, json["basis"]));
  return kind;
}

}  // namespace

const std::vector<std::string>& known_groups() {
  static const std::vector<std::string> groups = {"work",  "wire", "identity", "stealth", "persistence",
                                                  "entry", "load", "promise",  "context"};
  return groups;
}

bool EvidenceKind::answers(model::Hypothesis hypothesis) const {
  return std::ranges::find(hypotheses, hypothesis) != hypotheses.end();
}

Result<Catalogue> Catalogue::parse(const Json& part) {
  Catalogue out;
  const Json::Array& kinds = part["kinds"].items();
  if (kinds.empty()) return bad("it is empty", "kinds");
  if (kinds.size() > kKindsMax) return fail(ErrorCode::limit_exceeded, "evidence catalogue: too many kinds");
  for (const Json& item : kinds) {
    EvidenceKind kind = TRY(read_kind(item));
    const std::string id = kind.id;
    if (!out.kinds_.emplace(id, std::move(kind)).second) return bad("the id stands twice", id);
  }
  return out;
}

const EvidenceKind* Catalogue::find(std::string_view id) const {
  const auto at = kinds_.find(id);
  return at == kinds_.end() ? nullptr : &at->second;
}

}  // namespace davy::detection

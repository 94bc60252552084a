#include "detection/judge.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/hash.h"
#include "detection/explanation.h"

namespace davy::detection {
namespace {

using model::Evidence;
using model::Finding;
using model::Hypothesis;
using model::SubjectKey;

constexpr std::array kHypotheses = {Hypothesis::mines, Hypothesis::tampered, Hypothesis::solicits,
                                    Hypothesis::forbidden};

bool is_process(std::string_view key) { return key.starts_with("process:"); }

// A recording and its replay, or two detectors in another order, must leave the same piece standing.
bool supersedes(const Evidence& a, const Evidence& b) {
  if (a.at != b.at) return a.at > b.at;
  return std::pair(a.detail.dump(), a.excerpt) > std::pair(b.detail.dump(), b.excerpt);
}

double weight_of(const Evidence& evidence, const EvidenceKind& kind) {
  if (!evidence.decibans || kind.decibans < 0.0) return kind.decibans;
  return std::clamp(*evidence.decibans, 0.0, kind.decibans);
}

// First 26 base32 characters of SHA-256: made from content, so the same facts always carry the same id.
std::string id_of(const std::string& content) { return to_base32(sha256(as_bytes(content))).substr(0, 26); }

std::string finding_id(Hypothesis hypothesis, const SubjectKey& subject, Timestamp first) {
  return id_of(std::string(model::name_of(hypothesis)) + '\n' + subject + '\n' + std::to_string(first.nanoseconds));
}

// Of the strongest piece of evidence that holds a wallet.
std::optional<std::string> campaign_of(const std::vector<model::WeighedEvidence>& evidence) {
  for (const auto& piece : evidence)
    if (const auto wallet = piece.detail["wallet"].string_or(""); !wallet.empty())
      return id_of("campaign\n" + std::string(wallet));
  return std::nullopt;
}

model::WeighedEvidence weighed(const Evidence& evidence, Timestamp first, const EvidenceKind& kind) {
  model::WeighedEvidence out;
  out.kind = kind.id, out.group = kind.group, out.basis = kind.basis, out.attack = kind.attack;
  out.decibans = weight_of(evidence, kind);
  out.at = first, out.subject = evidence.subject;
  out.summary = fill_in_detail(kind.meaning, evidence.detail);
  out.refuted_by = fill_in_detail(kind.refuted_by, evidence.detail);
  out.detail = evidence.detail, out.excerpt = evidence.excerpt;
  return out;
}

// Strongest first; then by kind and subject, so that the order is always the same.
void sort_and_mark(std::vector<model::WeighedEvidence>& evidence) {
  std::ranges::sort(evidence, [](const auto& a, const auto& b) {
    return std::tuple(-a.decibans, a.kind, a.subject) < std::tuple(-b.decibans, b.kind, b.subject);
  });
  std::set<std::string> groups;
  for (auto& piece : evidence) piece.counted = groups.insert(piece.group).second;
}

// Findings about the same subject name each other, the first kRelatedMax of them.
void relate(std::vector<Finding>& findings) {
  std::map<SubjectKey, std::vector<std::size_t>> by_subject;
  for (std::size_t i = 0; i < findings.size(); ++i) by_subject[model::key_of(findings[i].subject)].push_back(i);
  for (const auto& [key, same] : by_subject)
    for (const std::size_t i : same)
      for (const std::size_t other : std::span(same).first(std::min(same.size(), kRelatedMax)))
        if (i != other) findings[i].related.push_back(findings[other].id);
}

}  // namespace

void Judge::add(Evidence evidence) {
  if (catalogue_->find(evidence.kind) == nullptr) {
    ++unknown_;
    return;
  }
  Pieces& pieces = evidence_[evidence.subject];
  const auto at = pieces.find(evidence.kind);
  if (at != pieces.end()) {
    at->second.first = std::min(at->second.first, evidence.at);
    if (supersedes(evidence, at->second.latest)) at->second.latest = std::move(evidence);
    return;
  }
  if (pieces_ == kEvidenceMax) {
    ++dropped_;
    return;
  }
  ++pieces_;
  std::string kind = evidence.kind;
  const Timestamp first = evidence.at;
  pieces.emplace(std::move(kind), Piece{std::move(evidence), first});
}

void Judge::describe(model::Subject subject) {
  SubjectKey key = model::key_of(subject);
  if (subjects_.size() == kSubjectsMax && !subjects_.contains(key)) {
    ++dropped_;
    return;
  }
  subjects_.insert_or_assign(std::move(key), std::move(subject));
}

void Judge::link(model::Link link) {
  if (link_count_ == kLinksMax) {
    ++dropped_;
    return;
  }
  const bool first = links_[link.from].emplace(link.to, link.why).second;
  links_[link.to].emplace(link.from, link.why);
  if (first) ++link_count_;
}

std::vector<SubjectKey> Judge::linked_to(const SubjectKey& anchor) const {
  std::vector<SubjectKey> out = {anchor};
  std::set<SubjectKey> seen = {anchor};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto links = links_.find(out[i]);
    if (links == links_.end() || (i > 0 && out[i].starts_with("file:"))) continue;
    const auto take = [&](auto from, auto to) {
      for (; from != to; ++from)
        if (seen.insert(from->first).second) out.push_back(from->first);
    };
    const Links& all =
        links->second;  // the processes among them, perhaps thousands, stand together and are passed over
    take(all.begin(), all.lower_bound({"process:", ""}));
    take(all.lower_bound({"process;", ""}), all.end());
  }
  return out;
}

// Every process that bears evidence or is linked to something that does, and what belongs to no process.
std::vector<SubjectKey> Judge::anchors() const {
  std::set<SubjectKey> out;
  for (const auto& [key, pieces] : evidence_) {
    if (pieces.empty()) continue;
    bool belongs = is_process(key);
    if (belongs) out.insert(key);
    if (const auto links = links_.find(key); links != links_.end())
      for (const auto& [other, why] : links->second)
        if (is_process(other)) belongs = true, out.insert(other);
    if (!belongs) out.insert(key);
  }
  return {out.begin(), out.end()};
}

std::vector<Judge::Witness> Judge::witnesses(const SubjectKey& anchor, Hypothesis hypothesis) const {
  std::vector<Witness> out;
  for (const SubjectKey& key : linked_to(anchor)) {
    const auto at = evidence_.find(key);
    if (at == evidence_.end()) continue;
    for (const auto& [id, piece] : at->second) {
      const EvidenceKind* kind = catalogue_->find(id);
      if (kind->answers(hypothesis)) out.push_back({&piece, kind});
    }
  }
  return out;
}

model::Subject Judge::subject(const SubjectKey& key) const {
  if (const auto at = subjects_.find(key); at != subjects_.end()) return at->second;
  if (is_process(key)) {
    model::ProcessSubject process;
    process.pid = std::atoll(key.c_str() + std::string_view("process:").size());
    return process;
  }
  if (key.starts_with("file:")) return model::FileSubject{.path = key.substr(5)};
  return model::HostSubject{key};
}

std::vector<std::string> Judge::chain_of(const SubjectKey& anchor, const std::vector<Witness>& seen) const {
  std::set<std::string> out;
  const auto links = links_.find(anchor);
  if (links == links_.end()) return {};
  for (const Witness& witness : seen) {
    const SubjectKey& other = witness.piece->latest.subject;
    for (auto at = links->second.lower_bound({other, ""}); at != links->second.end() && at->first == other; ++at)
      out.insert(anchor + " -" + at->second + "-> " + other);
  }
  return {out.begin(), out.end()};
}

std::optional<Finding> Judge::judge(const SubjectKey& anchor, Hypothesis hypothesis, model::Verdict least) const {
  const std::vector<Witness> seen = witnesses(anchor, hypothesis);
  std::vector<Weight> weights;
  for (const Witness& witness : seen)
    weights.push_back({witness.kind->group, weight_of(witness.piece->latest, *witness.kind)});
  const Balance balance = weigh(weights);
  if (seen.empty() || balance.groups.empty() || balance.verdict < least) return std::nullopt;

  Finding out;
  out.hypothesis = hypothesis, out.verdict = balance.verdict, out.decibans = balance.decibans;
  out.subject = subject(anchor);
  Timestamp first = seen.front().piece->first;
  for (const Witness& witness : seen) {
    first = std::min(first, witness.piece->first);
    auto& side = witness.kind->decibans < 0.0 ? out.against : out.evidence;
    side.push_back(weighed(witness.piece->latest, witness.piece->first, *witness.kind));
  }
  sort_and_mark(out.evidence);
  std::ranges::sort(out.against, {}, &model::WeighedEvidence::kind);
  out.id = finding_id(hypothesis, anchor, first);
  out.campaign = campaign_of(out.evidence);
  out.chain = chain_of(anchor, seen);
  out.explanation = explain(out, balance);
  out.actions = actions_for(out);
  return out;
}

std::vector<Finding> Judge::findings(model::Verdict least) const {
  std::vector<Finding> out;
  for (const SubjectKey& anchor : anchors())
    for (const Hypothesis hypothesis : kHypotheses)
      if (auto finding = judge(anchor, hypothesis, least)) out.push_back(std::move(*finding));
  std::ranges::stable_sort(out, [](const Finding& a, const Finding& b) {
    return std::pair(b.verdict, b.decibans) < std::pair(a.verdict, a.decibans);
  });
  relate(out);
  return out;
}

}  // namespace davy::detection

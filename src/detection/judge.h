// The judge: collects evidence by subject, joins linked subjects, weighs, and states findings.
//
// A finding is about an anchor: a process, or whatever bears evidence and belongs to no process. Evidence on an image,
// a socket or a memory region counts for each process it is linked to; a link never carries evidence from one process
// to another through a file that both use. Of one kind on one subject the latest piece stands.
// Findings do not depend on the order in which evidence, links and descriptions arrived.
//
// Not thread-safe. Limits: kEvidenceMax pieces, kLinksMax links; what is over is dropped and counted.
//
//   Judge judge(catalogue);
//   detector.observe(observation, judge);
//   for (const model::Finding& finding : judge.findings()) print(finding);
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "detection/catalogue.h"
#include "detection/weighing.h"
#include "model/evidence.h"
#include "model/finding.h"

namespace davy::detection {

inline constexpr std::size_t kEvidenceMax = 100'000;
inline constexpr std::size_t kLinksMax = 100'000;
inline constexpr std::size_t kSubjectsMax = 200'000;
inline constexpr std::size_t kRelatedMax = 16;  // findings that one finding names

class Judge final : public model::EvidenceSink {
 public:
  explicit Judge(const Catalogue& catalogue) : catalogue_(&catalogue) {}

  void add(model::Evidence evidence) override;
  void describe(model::Subject subject) override;
  void link(model::Link link) override;

  // All findings at or above `least`, worst first, then by subject.
  std::vector<model::Finding> findings(model::Verdict least = model::Verdict::suspicious) const;

  std::size_t dropped() const { return dropped_; }        // over a limit
  std::size_t unknown_kinds() const { return unknown_; }  // evidence whose kind the catalogue does not list

 private:
  struct Piece {
    model::Evidence latest;
    Timestamp first;  // when the kind was first seen on the subject
  };
  using Pieces = std::map<std::string, Piece, std::less<>>;           // by kind
  using Links = std::set<std::pair<model::SubjectKey, std::string>>;  // to whom, and why
  struct Witness {
    const Piece* piece;
    const EvidenceKind* kind;
  };

  std::vector<model::SubjectKey> anchors() const;
  std::vector<model::SubjectKey> linked_to(const model::SubjectKey& anchor) const;
  std::vector<Witness> witnesses(const model::SubjectKey& anchor, model::Hypothesis hypothesis) const;
  std::optional<model::Finding> judge(const model::SubjectKey& anchor, model::Hypothesis hypothesis,
                                      model::Verdict least) const;
  model::Subject subject(const model::SubjectKey& key) const;
  std::vector<std::string> chain_of(const model::SubjectKey& anchor, const std::vector<Witness>& seen) const;

  const Catalogue* catalogue_;
  std::map<model::SubjectKey, Pieces, std::less<>> evidence_;
  std::map<model::SubjectKey, model::Subject, std::less<>> subjects_;
  std::map<model::SubjectKey, Links, std::less<>> links_;
  std::size_t pieces_ = 0;
  std::size_t link_count_ = 0;
  std::size_t dropped_ = 0;
  std::size_t unknown_ = 0;
};

}  // namespace davy::detection

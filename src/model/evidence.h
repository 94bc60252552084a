// Evidence: one fact that speaks for or against a hypothesis about a subject, and the ways to hand it on.
//
// A detector is a deterministic function of the observations it is given: it reads no clock and does no I/O, so a
// recording replays to the same evidence. What a kind of evidence weighs is not the detector's business: weights stand
// in the catalogue (data/evidence) and the judge applies them.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "model/subject.h"

namespace davy::model {

struct Observation;

inline constexpr std::size_t kExcerptBytesMax = 200;

struct Evidence {
  std::string kind;  // id in the catalogue, "randomx.rounding_modes"
  SubjectKey subject;
  Timestamp at;
  Json detail = Json::object();    // named values; the catalogue's sentences refer to them as {name}
  std::string excerpt;             // what was seen, printable, at most kExcerptBytesMax; may be empty
  std::optional<double> decibans;  // only where the weight follows from this very instance (a share's difficulty);
                                   // the catalogue's weight is then its ceiling
};

// Two subjects belong together: a process and its socket, a process and its image.
struct Link {
  SubjectKey from;
  SubjectKey to;
  std::string why;  // "image", "socket", "child"
};

// Where detectors put what they conclude.
class EvidenceSink {
 public:
  virtual ~EvidenceSink() = default;
  virtual void add(Evidence evidence) = 0;
  virtual void describe(Subject subject) = 0;  // replaces an earlier description of the same key
  virtual void link(Link link) = 0;

  // Describes the subject and adds evidence about it; `evidence.subject` becomes its key.
  void add_about(const Subject& subject, Evidence evidence) {
    evidence.subject = key_of(subject);
    describe(subject);
    add(std::move(evidence));
  }
};

class Detector {
 public:
  virtual ~Detector() = default;
  virtual void observe(const Observation& observation, EvidenceSink& sink) = 0;
};

}  // namespace davy::model

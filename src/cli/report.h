// The result of an examination, and its three forms: text for a tired administrator, json, jsonl.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/command.h"
#include "model/finding.h"
#include "model/observation.h"

namespace davy::cli {

struct Examined {
  std::uint64_t packets = 0, bytes = 0, flows = 0, files = 0, processes = 0, threads = 0;
};

struct Dropped {
  std::uint64_t packets = 0, events = 0, truncated = 0, unreadable = 0, limit = 0;
};

struct Examination {
  std::string command;
  std::string intel_version;
  std::string intel_trust;  // "release", "development"
  double seconds = 0.0;
  Examined examined;
  Dropped dropped;
  std::vector<model::SenseSeen> senses;
  std::vector<model::Finding> findings;
  double watts_per_core = 0.0;
  std::int64_t ended_at_ns = 0;
  bool ended = false;  // the senses came to their end; a recording that was cut does not show it

  bool incomplete() const;  // a required sense is off, or something was unreadable or over a limit

  // What could not be read or written of the recording becomes a sense that is off: the findings are still shown.
  void lacks_recording(std::string why);
};

void print(const Examination& examination, const CommonChoices& choices, std::ostream& out);

// For commands that say what they find as it comes: one finding in the form chosen (nothing in json, whose one object
// print() gives at the end), and at the end what is left of print() without the findings.
void print_finding(const model::Finding& finding, const Examination& so_far, const CommonChoices& choices,
                   std::ostream& out);
void print_rest(const Examination& examination, const CommonChoices& choices, std::ostream& out);

// 0, 1 or 3 as in docs/contracts.md.
int exit_status(const Examination& examination, model::Verdict fail_at);

// The last object of json and jsonl output.
Json summary_of(const Examination& examination, const Settings& settings);

}  // namespace davy::cli

// Who is missing from the lists that people and tools look at: compares the kernel's own list of processes with what
// /proc shows by system call, what readdir(3) shows to programs, and what is mounted over /proc/PID.
//
// A process that starts or ends during a look is not hidden: what is missing is reported with the number of consecutive
// looks that missed it, and one look is none (kHiddenWalks). Pure; not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/observation.h"

namespace davy::host {

// One look at all lists, taken right after the kernel's.
struct Listings {
  std::map<std::int64_t, std::uint64_t> kernel;  // pid -> start; from the witness
  std::set<std::int64_t> by_system_call;
  std::set<std::int64_t> by_library;
  std::set<std::int64_t> covered;
};

class HiddenCheck {
 public:
  explicit HiddenCheck(std::string witness) : witness_(std::move(witness)) {}

  void look(const Listings& listings);

  // What was missing on every look so far, with at least one look.
  std::vector<model::HiddenSeen> hidden() const;

 private:
  std::string witness_;
  std::uint32_t looks_ = 0;
  std::map<model::ProcessId, model::HiddenSeen> missing_;
};

}  // namespace davy::host

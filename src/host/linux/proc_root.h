// Where processes are read from, and who can see them.
//
// ProcRoot opens a procfs of its own, attached nowhere, so that a mount over /proc/PID or a changed /proc does not
// matter; where the kernel or the rights do not allow that, it is plain /proc. The lists of pids come by three ways,
// because their differences are evidence. Stateless but for the descriptor; thread-safe.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace davy::host {

inline constexpr std::int64_t kProbedPidMax = 131'072;

class ProcRoot {
 public:
  static Result<ProcRoot> open();

  int fd() const { return fd_.get(); }
  bool detached() const { return detached_; }  // a procfs of its own
  const std::string& why_not_detached() const { return why_; }

 private:
  UniqueFd fd_;
  bool detached_ = false;
  std::string why_;
};

// Numeric entries of an open procfs by the raw system call, which no preloaded library can change.
Result<std::set<std::int64_t>> pids_by_system_call(int proc_fd);

// The same of /proc through readdir(3): what any dynamic program on this machine is shown. Errors: io when it cannot be
// opened, which says nothing about any process.
Result<std::set<std::int64_t>> pids_by_library();

// Processes that answer to their number although no list shows them; only numbers up to the last one given out.
Result<std::set<std::int64_t>> pids_by_probing(const std::set<std::int64_t>& listed);

// Whether /proc/PID is covered: something is mounted over it, or it answers for another process.
bool is_covered(std::int64_t pid);

// A small file below a procfs; at most `bytes_max`, longer ones are cut.
Result<std::string> read_proc(int proc_fd, const std::string& path, std::size_t bytes_max);

}  // namespace davy::host

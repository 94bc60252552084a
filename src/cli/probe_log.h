// The evidence log of probes, which is also what limits them: a line for each intent, on disk before anything is sent,
// and a line for each answer.
//
// Lines of JSON, added only; the file is made with mode 0600, never through a link, and locked while it is open. What
// cannot be read back forbids the probe. One process at a time; not thread-safe. Limits: kProbeLogBytesMax. Errors: io,
// malformed (a damaged line, which somebody has to look at), limit_exceeded, unavailable (another probe runs).
//
//   ProbeLog log = TRY(ProbeLog::open(path));
//   if (log.asked_since("10.1.0.7:3333", now + -day) >= per_day) refuse();
//   TRY(log.add(intent));
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"

namespace davy::cli {

inline constexpr std::size_t kProbeLogBytesMax = 64U << 20;

class ProbeLog {
 public:
  static Result<ProbeLog> open(const std::string& path);

  // How often that address and port were asked since then.
  std::size_t asked_since(const std::string& target, Timestamp since) const;

  // Adds the line and waits until it is on disk.
  Status add(const Json& line);

 private:
  explicit ProbeLog(UniqueFd file) : file_(std::move(file)) {}
  Status read_back();

  UniqueFd file_;
  std::map<std::string, std::vector<Timestamp>> asked_;
};

}  // namespace davy::cli

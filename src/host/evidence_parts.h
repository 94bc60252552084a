// What the host detectors share: making a piece of evidence about a process.
#pragma once

#include <string>
#include <string_view>

#include "model/evidence.h"
#include "model/observation.h"

namespace davy::host {

inline model::SubjectKey key_of(const model::ProcessId& process) {
  return model::process_key(process.pid, process.start_boottime_ns);
}

inline model::Evidence evidence(std::string kind, model::SubjectKey subject, Timestamp at, Json detail = Json::object(),
                                std::string_view excerpt = {}) {
  return {.kind = std::move(kind),
          .subject = std::move(subject),
          .at = at,
          .detail = std::move(detail),
          .excerpt = std::string(excerpt.substr(0, model::kExcerptBytesMax))};
}

// The name of a file without its folders and the kernel's " (deleted)".
inline std::string_view base_name(std::string_view path) {
  constexpr std::string_view kDeleted = " (deleted)";
  if (path.ends_with(kDeleted)) path.remove_suffix(kDeleted.size());
  return path.substr(path.rfind('/') + 1);
}

}  // namespace davy::host

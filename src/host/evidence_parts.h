// What the host detectors share: making a piece of evidence about a process.
#pragma once

#include <string>
#include <string_view>

#include "host/image_path.h"
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

}  // namespace davy::host

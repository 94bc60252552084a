// Recordings: the observations of one examination, one JSON object a line, so that it can be judged again elsewhere.
//
// The first line names what judged: {"type":"recording","version":1,"intel":"2026.11.1","digest":"..."}; every further
// line is one observation (model/observation.h). Replaying gives byte for byte the same findings with the same pack.
// Not thread-safe. Limits: kRecordingBytesMax, kRecordingLineBytesMax.
#pragma once

#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "model/observation.h"

namespace davy::cli {

inline constexpr std::size_t kRecordingBytesMax = std::size_t{2} << 30;
inline constexpr std::size_t kRecordingLineBytesMax = std::size_t{4} << 20;

struct RecordingHeader {
  std::string intel_version;
  std::string intel_digest;
};

class Recorder {
 public:
  // Creates the file with mode 0600 (it holds command lines of other users); an existing file is refused.
  static Result<Recorder> create(const std::string& path, const RecordingHeader& header);
  void write(const model::Observation& observation);
  Status finish();  // flushes; io when anything could not be written

 private:
  Recorder(std::string path, std::ofstream file) : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;
  std::ofstream file_;
};

// Calls `each` for every observation in order. Errors: malformed with the line number, limit_exceeded, io.
Result<RecordingHeader> read_recording(const std::string& path, const std::function<void(model::Observation)>& each);

}  // namespace davy::cli

#include "cli/recorder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace davy::cli {
namespace {

tl::unexpected<Error> bad_line(std::size_t number, const std::string& why, const std::string& path) {
  return fail(ErrorCode::malformed, "line " + std::to_string(number) + " of the recording: " + why, path);
}

Result<RecordingHeader> parse_header(const std::string& line, const std::string& path) {
  const auto json = Json::parse(line);
  if (!json || (*json)["type"].string_or("") != "recording") return bad_line(1, "not the header of a recording", path);
  if ((*json)["version"].int_or(0) != 1) return bad_line(1, "a version that this Davy does not know", path);
  return RecordingHeader{std::string((*json)["intel"].string_or("")), std::string((*json)["digest"].string_or(""))};
}

// getline with a limit: a line that is longer ends the reading instead of filling the memory.
Result<bool> next_line(std::istream& in, std::string& line, std::size_t number, const std::string& path) {
  line.clear();
  for (int c = in.get(); c != std::char_traits<char>::eof(); c = in.get()) {
    if (c == '\n') return true;
    if (line.size() == kRecordingLineBytesMax)
      return fail(ErrorCode::limit_exceeded, "line " + std::to_string(number) + " is too long", path);
    line.push_back(static_cast<char>(c));
  }
  if (in.bad()) return fail(ErrorCode::io, "cannot read line " + std::to_string(number) + " of the recording", path);
  return !line.empty();
}

}  // namespace

Result<Recorder> Recorder::create(const std::string& path, const RecordingHeader& header) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST)
    return fail(ErrorCode::invalid_argument, "a recording is never overwritten, and this file exists", path);
  if (fd < 0) return fail_errno(errno, "cannot create the recording", path);
  ::close(fd);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) return fail(ErrorCode::io, "cannot write the recording", path);
  Json line = Json::object();
  line.set("type", "recording").set("version", 1).set("intel", header.intel_version).set("digest", header.intel_digest);
  file << line.dump() << '\n';
  return Recorder(path, std::move(file));
}

void Recorder::write(const model::Observation& observation) { file_ << to_json(observation).dump() << '\n'; }

Status Recorder::finish() {
  file_.flush();
  if (!file_) return fail(ErrorCode::io, "the recording is incomplete: it could not be written", path_);
  return {};
}

Result<RecordingHeader> read_recording(const std::string& path, const std::function<void(model::Observation)>& each) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail_errno(errno != 0 ? errno : ENOENT, "cannot read the recording", path);
  std::string line;
  if (!TRY(next_line(file, line, 1, path))) return bad_line(1, "the file is empty", path);
  const RecordingHeader header = TRY(parse_header(line, path));
  std::size_t bytes = line.size();
  for (std::size_t number = 2; TRY(next_line(file, line, number, path)); ++number) {
    bytes += line.size();
    if (bytes > kRecordingBytesMax) return fail(ErrorCode::limit_exceeded, "the recording is too long", path);
    const auto json = Json::parse(line);
    if (!json) return bad_line(number, json.error().message, path);
    auto observation = model::parse_observation(*json);
    if (!observation) return bad_line(number, describe(observation.error()), path);
    each(std::move(*observation));
  }
  return header;
}

}  // namespace davy::cli

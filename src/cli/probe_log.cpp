#include "cli/probe_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace davy::cli {

Result<ProbeLog> ProbeLog::open(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return fail_errno(errno, "cannot open the log of probes (see the setting probe.log)", path);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return fail_errno(errno, "another probe is at work", path);
  ProbeLog out(std::move(file));
  if (const auto read = out.read_back(); !read)
    return fail(read.error().code, read.error().message + ": nothing is asked until somebody has looked at it", path);
  return out;
}

Status ProbeLog::read_back() {
  const Bytes bytes = TRY(read_all(file_.get(), kProbeLogBytesMax));
  std::string_view text = as_text(bytes);
  if (!text.empty() && text.back() != '\n') return fail(ErrorCode::malformed, "the last line is cut");
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const auto line = Json::parse(text.substr(0, end));
    text.remove_prefix(end + 1);
    const auto at = line ? parse_rfc3339((*line)["at"].string_or("")) : Result<Timestamp>(Timestamp{});
    if (!line || !at) return fail(ErrorCode::malformed, "a line is damaged");
    if ((*line)["what"].string_or("") == "ask") asked_[std::string((*line)["address"].string_or(""))].push_back(*at);
  }
  return {};
}

std::size_t ProbeLog::asked_since(const std::string& target, Timestamp since) const {
  const auto at = asked_.find(target);
  if (at == asked_.end()) return 0;
  return static_cast<std::size_t>(
      std::ranges::count_if(at->second, [&](Timestamp time) { return time.nanoseconds >= since.nanoseconds; }));
}

Status ProbeLog::add(const Json& line) {
  const std::string text = line.dump() + "\n";
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t put = ::write(file_.get(), rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno(errno, "cannot write the log of probes");
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  if (::fdatasync(file_.get()) != 0) return fail_errno(errno, "cannot write the log of probes");
  return {};
}

}  // namespace davy::cli

#include "base/log.h"

#include <ostream>

#include "base/json.h"

namespace davy {
namespace {

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warn: return "warn";
    case LogLevel::error: return "error";
  }
  return "unknown";
}

// Bare when it is one plain word, otherwise a JSON string, so that a line can be split again.
std::string quoted(std::string_view value) {
  const bool cut = value.size() > kLogValueBytesMax;
  const std::string shown = printable(value.substr(0, kLogValueBytesMax)) + (cut ? "..." : "");
  const bool plain = !shown.empty() && shown.find_first_of(" =\"\\") == std::string::npos;
  return plain ? shown : Json(shown).dump();
}

}  // namespace

std::string format_log_line(Timestamp time, LogLevel level, std::string_view message, LogFields fields) {
  std::string line = to_rfc3339(time);
  line.append(" ").append(name_of(level)).append(" ").append(printable(message.substr(0, kLogValueBytesMax)));
  for (const auto& [key, value] : fields) line.append(" ").append(key).append("=").append(quoted(value));
  return line;
}

void StreamLog::write(LogLevel level, std::string_view message, LogFields fields) {
  if (level < least_) return;
  const std::string line = format_log_line(clock_.now(), level, message, fields) + "\n";
  const MutexLock lock(mutex_);
  out_ << line << std::flush;
}

}  // namespace davy

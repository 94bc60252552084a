// A log of plain lines: time, level, message, key=value. There is no global logger; whoever logs is given one.
//
// Thread-safe: a line is written whole. Values are made printable (no terminal escapes from foreign names) and cut at
// kLogValueBytesMax. Secrets are never passed here.
//
//   StreamLog log(std::cerr, clock, LogLevel::info);
//   log.warn("worker restarted", {{"name", "parser"}, {"restarts", "2"}});
#pragma once

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"

namespace davy {

inline constexpr std::size_t kLogValueBytesMax = 1024;

enum class LogLevel { debug, info, warn, error };
using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

// The outside world's log. Implementations are thread-safe.
class Logger {
 public:
  virtual ~Logger() = default;
  virtual void write(LogLevel level, std::string_view message, LogFields fields) = 0;

  void debug(std::string_view message, LogFields fields = {}) { write(LogLevel::debug, message, fields); }
  void info(std::string_view message, LogFields fields = {}) { write(LogLevel::info, message, fields); }
  void warn(std::string_view message, LogFields fields = {}) { write(LogLevel::warn, message, fields); }
  void error(std::string_view message, LogFields fields = {}) { write(LogLevel::error, message, fields); }
};

// One line: `2026-01-02T03:04:05.678Z warn worker restarted name=parser restarts=2`.
std::string format_log_line(Timestamp time, LogLevel level, std::string_view message, LogFields fields);

// Writes lines at or above `least` to a stream, which must outlive it.
class StreamLog final : public Logger {
 public:
  StreamLog(std::ostream& out, const Clock& clock, LogLevel least) : out_(out), clock_(clock), least_(least) {}
  void write(LogLevel level, std::string_view message, LogFields fields) override EXCLUDES(mutex_);

 private:
  Mutex mutex_;
  std::ostream& out_ GUARDED_BY(mutex_);
  const Clock& clock_;
  const LogLevel least_;
};

class NullLog final : public Logger {
 public:
  void write(LogLevel, std::string_view, LogFields) override {}
};

// For tests: keeps the lines. Not thread-safe.
class RecordingLog final : public Logger {
 public:
  void write(LogLevel level, std::string_view message, LogFields fields) override {
    lines.push_back(format_log_line({}, level, message, fields));
  }
  std::vector<std::string> lines;
};

}  // namespace davy

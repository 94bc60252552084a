// One line of /proc/PID/stat, read safely: the name in it may hold spaces, parentheses and any other byte. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace davy::host {

inline constexpr std::size_t kStatBytesMax = 4096;

struct ProcStat {
  std::int64_t pid = 0;
  std::string comm;  // raw bytes
  char state = '?';
  std::int64_t parent_pid = 0;
  std::uint64_t flags = 0;
  std::uint64_t utime_ticks = 0;
  std::uint64_t stime_ticks = 0;
  std::int64_t nice = 0;
  std::uint64_t start_ticks = 0;  // since boot
  std::uint64_t virtual_bytes = 0;
  std::uint32_t last_cpu = 0;
};

// Errors: malformed.
Result<ProcStat> parse_proc_stat(std::string_view line);

// The number behind "Name:" at the start of a line of /proc/PID/status; malformed when absent.
Result<std::uint64_t> parse_status_field(std::string_view status, std::string_view name);

}  // namespace davy::host

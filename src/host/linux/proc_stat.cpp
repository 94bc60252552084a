#include "host/linux/proc_stat.h"

#include <array>
#include <charconv>

namespace davy::host {
namespace {

constexpr std::size_t kFieldsBehindName = 37;  // state (3rd field) to processor (39th)

template <class Number>
bool read_number(std::string_view word, Number& out) {
  const auto result = std::from_chars(word.data(), word.data() + word.size(), out);
  return result.ec == std::errc() && result.ptr == word.data() + word.size();
}

// Splits at single spaces; false when there are fewer than wanted.
bool split(std::string_view text, std::array<std::string_view, kFieldsBehindName>& out) {
  for (auto& field : out) {
    const std::size_t end = text.find_first_of(" \n");
    field = text.substr(0, end);
    if (field.empty()) return false;
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return true;
}

}  // namespace

Result<ProcStat> parse_proc_stat(std::string_view line) {
  const auto bad = [] { return fail(ErrorCode::malformed, "not a line of /proc/PID/stat"); };
  const std::size_t open = line.find('(');
  const std::size_t close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open || open == 0) return bad();
  if (close + 2 >= line.size()) return bad();
  ProcStat out;
  std::array<std::string_view, kFieldsBehindName> fields;
  if (!read_number(line.substr(0, open - 1), out.pid) || !split(line.substr(close + 2), fields)) return bad();
  out.comm = line.substr(open + 1, close - open - 1);
  out.state = fields[0][0];
  const bool fine = read_number(fields[1], out.parent_pid) && read_number(fields[6], out.flags) &&
                    read_number(fields[11], out.utime_ticks) && read_number(fields[12], out.stime_ticks) &&
                    read_number(fields[16], out.nice) && read_number(fields[19], out.start_ticks) &&
                    read_number(fields[20], out.virtual_bytes) && read_number(fields[36], out.last_cpu);
  if (!fine) return bad();
  return out;
}

Result<std::uint64_t> parse_status_field(std::string_view status, std::string_view name) {
  for (std::size_t at = 0; at < status.size();) {
    const std::size_t end = std::min(status.find('\n', at), status.size());
    std::string_view line = status.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    line.remove_prefix(name.size() + 1);
    while (!line.empty() && (line.front() == '\t' || line.front() == ' ')) line.remove_prefix(1);
    std::uint64_t value = 0;
    if (!read_number(line.substr(0, line.find_first_of("\t ")), value)) break;
    return value;
  }
  return fail(ErrorCode::malformed, "no such number in /proc/PID/status", std::string(name));
}

}  // namespace davy::host

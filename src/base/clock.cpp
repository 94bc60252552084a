#include "base/clock.h"

#include <cstdio>
#include <thread>

namespace davy {
namespace {

using Days = std::chrono::sys_days;

// Reads exactly `count` digits at `at` and moves past them; -1 when they are not there.
int read_digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (text.size() - at < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  at += count;
  return value;
}

bool skip(std::string_view text, std::size_t& at, char expected) {
  if (at >= text.size() || text[at] != expected) return false;
  ++at;
  return true;
}

// ".678" as nanoseconds, at most nine digits counted.
std::int64_t read_fraction(std::string_view text, std::size_t& at) {
  if (!skip(text, at, '.')) return 0;
  std::int64_t value = 0;
  std::int64_t unit = 100'000'000;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) value += unit * (text[at] - '0');
  return value;
}

}  // namespace

std::string to_rfc3339(Timestamp time) {
  using namespace std::chrono;
  const auto moment = sys_time<nanoseconds>(nanoseconds(time.nanoseconds));
  const auto day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<milliseconds>(moment - day));
  char out[40];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return out;
}

Result<Timestamp> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  std::size_t at = 0;
  const auto bad = [] { return fail(ErrorCode::malformed, "not an RFC 3339 time in UTC"); };
  const int y = read_digits(text, at, 4);
  if (y < 0 || !skip(text, at, '-')) return bad();
  const int mo = read_digits(text, at, 2);
  if (mo < 0 || !skip(text, at, '-')) return bad();
  const int d = read_digits(text, at, 2);
  if (d < 0 || !skip(text, at, 'T')) return bad();
  const int h = read_digits(text, at, 2);
  if (h < 0 || h > 23 || !skip(text, at, ':')) return bad();
  const int mi = read_digits(text, at, 2);
  if (mi < 0 || mi > 59 || !skip(text, at, ':')) return bad();
  const int s = read_digits(text, at, 2);
  if (s < 0 || s > 60) return bad();
  const std::int64_t fraction = read_fraction(text, at);
  if (!skip(text, at, 'Z') || at != text.size()) return bad();
  const year_month_day date(year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d)));
  if (!date.ok() || y < 1970 || y > 2200) return bad();
  const nanoseconds since = Days(date).time_since_epoch() + hours(h) + minutes(mi) + seconds(s) + nanoseconds(fraction);
  return Timestamp{since.count()};
}

Timestamp SystemClock::now() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Nanoseconds>(since).count()};
}

Nanoseconds SystemClock::monotonic() const {
  return std::chrono::duration_cast<Nanoseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void SystemClock::sleep_until(Nanoseconds monotonic_deadline) {
  std::this_thread::sleep_until(std::chrono::steady_clock::time_point(
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(monotonic_deadline)));
}

}  // namespace davy

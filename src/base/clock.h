// Time as a value. Only senses and programs read a Clock; everything below receives time with its input.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace davy {

using Nanoseconds = std::chrono::nanoseconds;

// A moment on the wall clock, in nanoseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t nanoseconds = 0;

  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
  friend Timestamp operator+(Timestamp t, Nanoseconds d) { return {t.nanoseconds + d.count()}; }
  friend Nanoseconds operator-(Timestamp a, Timestamp b) { return Nanoseconds(a.nanoseconds - b.nanoseconds); }
};

// RFC 3339 in UTC with milliseconds ("2026-01-02T03:04:05.678Z"), and back (any fraction, only Z).
std::string to_rfc3339(Timestamp time);
Result<Timestamp> parse_rfc3339(std::string_view text);

// The outside world's time. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
  virtual Nanoseconds monotonic() const = 0;  // since an arbitrary start, never goes back
  virtual void sleep_until(Nanoseconds monotonic_deadline) = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  Nanoseconds monotonic() const override;
  void sleep_until(Nanoseconds monotonic_deadline) override;
};

// For tests: time stands still until advanced; sleeping advances it. Not thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : now_(start) {}
  Timestamp now() const override { return now_; }
  Nanoseconds monotonic() const override { return monotonic_; }
  void sleep_until(Nanoseconds deadline) override {
    if (deadline > monotonic_) advance(deadline - monotonic_);
  }
  void advance(Nanoseconds by) {
    now_ = now_ + by;
    monotonic_ += by;
  }

 private:
  Timestamp now_;
  Nanoseconds monotonic_{0};
};

}  // namespace davy

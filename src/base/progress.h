// A progress line for long work: what is done, what is left, at what rate. Shown only on a terminal, never on stdout.
//
// Redrawn at most once per kProgressInterval. Belongs to one thread. A disabled Progress does nothing.
//
//   Progress progress(std::cerr, stderr_is_terminal(), clock, "files", count);
//   for (const auto& file : files) { scan(file); progress.advance(1); }
//   progress.finish();
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "base/clock.h"

namespace davy {

inline constexpr Nanoseconds kProgressInterval = std::chrono::milliseconds(100);

class Progress {
 public:
  // `total` 0 means unknown. The stream and the clock must outlive this.
  Progress(std::ostream& out, bool enabled, const Clock& clock, std::string unit, std::uint64_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // finish()

  void advance(std::uint64_t by);
  void finish();  // clears the line

 private:
  void draw();

  std::ostream& out_;
  const bool enabled_;
  const Clock& clock_;
  const std::string unit_;
  const std::uint64_t total_;
  const Nanoseconds started_;
  Nanoseconds drawn_;
  std::uint64_t done_ = 0;
  bool visible_ = false;
};

// "[#####-----] 50/100 files, 50 left, 12/s"; without a bar when `total` is 0.
std::string progress_line(std::string_view unit, std::uint64_t done, std::uint64_t total, double seconds);

// Whether the standard error stream is a terminal (progress_posix.cpp).
bool stderr_is_terminal();

}  // namespace davy

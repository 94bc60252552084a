#include "base/progress.h"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace davy {
namespace {

constexpr std::uint64_t kBarCells = 20;
constexpr std::string_view kClearLine = "\r\x1b[K";

std::string bar(std::uint64_t done, std::uint64_t total) {
  const double share = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(kBarCells));
  std::string out = "[";
  out.append(full, '#').append(kBarCells - full, '-').append("] ");
  return out;
}

}  // namespace

std::string progress_line(std::string_view unit, std::uint64_t done, std::uint64_t total, double seconds) {
  std::string line = total == 0 ? "" : bar(done, total);
  line += std::to_string(done);
  if (total > 0) line.append("/").append(std::to_string(total));
  line.append(" ").append(unit);
  if (total > 0) line += ", " + std::to_string(total > done ? total - done : 0) + " left";
  if (seconds > 0.0) line += ", " + std::to_string(std::llround(static_cast<double>(done) / seconds)) + "/s";
  return line;
}

Progress::Progress(std::ostream& out, bool enabled, const Clock& clock, std::string unit, std::uint64_t total)
    : out_(out),
      enabled_(enabled),
      clock_(clock),
      unit_(std::move(unit)),
      total_(total),
      started_(clock.monotonic()),
      drawn_(started_) {}

Progress::~Progress() { finish(); }

void Progress::advance(std::uint64_t by) {
  done_ += by;
  if (enabled_ && clock_.monotonic() - drawn_ >= kProgressInterval) draw();
}

void Progress::finish() {
  if (visible_) out_ << kClearLine << std::flush;
  visible_ = false;
}

void Progress::draw() {
  drawn_ = clock_.monotonic();
  const double seconds = std::chrono::duration<double>(drawn_ - started_).count();
  out_ << kClearLine << progress_line(unit_, done_, total_, seconds) << std::flush;
  visible_ = true;
}

}  // namespace davy

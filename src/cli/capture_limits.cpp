#include "cli/capture_limits.h"

#include <sys/random.h>
#include <unistd.h>

#include <charconv>

namespace davy::cli {
namespace {

constexpr std::uint64_t kBytesPerFlow = 200;  // with its place in the index

}  // namespace

std::uint64_t random_seed() {
  std::uint64_t out = 0;
  if (::getrandom(&out, sizeof out, GRND_NONBLOCK) != sizeof out) out = static_cast<std::uint64_t>(::getpid());
  return out;
}

Result<network::TrafficLimits> traffic_limits_of(const ParsedArguments& given) {
  network::TrafficLimits out;
  const auto words = given.value("memory");
  if (!words) return out;
  std::uint64_t megabytes = 0;
  const auto [end, error] = std::from_chars(words->data(), words->data() + words->size(), megabytes);
  if (error != std::errc() || end != words->data() + words->size() || megabytes < 1 || megabytes > 65'536)
    return fail(ErrorCode::invalid_argument, "a number of megabytes from 1 to 65536 is needed", "--memory");
  out.flows.flows_max = (megabytes << 20) / kBytesPerFlow;
  return out;
}

}  // namespace davy::cli

// The mock pool: the other side of the exercise's conversation, on 127.0.0.1 only.
//
// It answers a login with a first made-up job, pushes jobs regularly, checks results against the target (not the hash
// itself: nothing is at stake), adjusts each client's target to about one share per kShareSeconds, and serves nobody
// but the exercise wallet. Lines and descriptors are bounded; every buffer is wiped after use, so that the pool itself
// is no readable trace on a host under examination. One thread. Errors: io, invalid_argument.
#pragma once

#include "drill/plan.h"

namespace davy::drill {

inline constexpr std::size_t kClientsMax = 64;
inline constexpr std::uint32_t kShareSeconds = 4;

struct PoolSettings {
  std::uint16_t port = 0;  // 0: a random free one above kRandomPortMin
  std::uint32_t seconds = kSecondsDefault;
  std::uint32_t job_seconds = 10;
  std::uint64_t difficulty = 0;  // 0: by algorithm, then adjusted
  Algorithm algorithm = Algorithm::randomx;
};

// Prints "port N" on standard output and serves until the time is over, the parent has gone or a signal asks to stop.
Status run_pool(const PoolSettings& settings);

}  // namespace davy::drill

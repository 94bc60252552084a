// What one exercise run is to do, as plain bytes: the front program makes it, the hashing program carries it out.
//
// The plan travels to the program that is executed under a disguise in a memory file at a fixed descriptor, masked, so
// that the scrubbed twin's command line, environment and memory hold no readable settings. Behind the plan may follow
// the configuration text (plain runs only), which a plain twin keeps in memory as real programs do.
// Not thread-safe. Errors: io, malformed.
#pragma once

#include <array>
#include <cstdint>

#include "base/file.h"
#include "drill/loopback.h"
#include "drill/masked.h"

namespace davy::drill {

inline constexpr std::uint32_t kSecondsDefault = 20;
inline constexpr std::uint32_t kSecondsMax = 3600;
inline constexpr std::uint16_t kThreadsMax = 256;
inline constexpr std::size_t kConfigBytesMax = 64U << 10;
inline constexpr int kPlanDescriptor = 3;

enum class Algorithm : std::uint8_t { randomx, scrypt, argon2id, sha256d };
enum class Mode : std::uint8_t { light, fast, interpreter };

enum Disguise : std::uint32_t {
  kRenamed = 1U << 0U,
  kMemoryFile = 1U << 1U,
  kDeleted = 1U << 2U,
  kThrottle = 1U << 3U,
  kNice = 1U << 4U,
  kNamespaces = 1U << 5U,
  kStdinConfig = 1U << 6U,
};

struct Plan {
  std::uint64_t magic = 0;
  std::uint32_t disguises = 0;
  std::uint32_t seconds = kSecondsDefault;
  std::int64_t deadline_ns = 0;  // CLOCK_MONOTONIC
  std::int32_t parent = 0;       // the run ends when this process is no longer the parent; 1: nobody to watch
  std::uint32_t keepalive_seconds = 30;
  LoopbackAddress pool;
  std::uint16_t threads = 1;
  std::int16_t nice = 0;
  std::uint8_t duty_percent = 100;
  Algorithm algorithm = Algorithm::randomx;
  Mode mode = Mode::light;
  bool has_pool = false;
  bool scrub = false;
  std::array<char, 128> copy_path{};    // the copied program file, to be removed; empty when none
  std::array<char, 128> cgroup_path{};  // the run's own control group, to be removed; empty when none

  bool disguised(Disguise disguise) const { return (disguises & disguise) != 0; }
};

std::int64_t monotonic_ns();

// A memory file with the plan and the configuration text in it, masked.
Result<UniqueFd> pack_plan(const Plan& plan, std::string_view config);

// Takes the plan from kPlanDescriptor and closes it. Error not_found when there is none: the program was started by
// a person.
Result<Plan> unpack_plan(SecretText& config);

}  // namespace davy::drill

// What RandomX looks like from outside: how it sets the floating point unit, what its compiled programs contain, and
// how much memory it asks for.
//
// RandomX changes the rounding mode by the data that it hashes (instruction CFROUND), so a thread that computes it
// shows all four modes in turn; ordinary programs stay in one, interval arithmetic in two (RandomX
// specification, 5.4.1). Pure functions and constants; thread-safe.
//
//   const FpControl control = decode_fp_control("x86_64", mxcsr);
//   modes_seen |= 1U << control.rounding_mode;   // RandomX: at least kModesForRandomX of the four
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "match/pattern_matcher.h"

namespace davy::mining {

struct FpControl {
  unsigned rounding_mode = 0;      // 0 to nearest, 1 down, 2 up, 3 towards zero, on every architecture
  bool flushes_denormals = false;  // x86: FTZ and DAZ both; arm64: FZ
};

// `word` is MXCSR on "x86_64" and FPCR on "aarch64". Another architecture reads as the state every program starts with.
FpControl decode_fp_control(std::string_view architecture, std::uint32_t word);

// Distinct rounding modes in one thread that no ordinary program was seen to reach (interval arithmetic reaches two).
inline constexpr unsigned kModesForRandomX = 3;

// RandomX as published, configuration.h: the dataset is 2 GiB and 33,554,368 bytes, the cache 256 MiB, the scratchpad
// 2 MiB. A mapping holds a page more where the allocator keeps its own record in front.
inline constexpr std::uint64_t kDatasetBytes = 2'181'038'080;
inline constexpr std::uint64_t kCacheBytes = 268'435'456;
inline constexpr std::uint64_t kScratchpadBytes = 2'097'152;
inline constexpr std::uint64_t kDatasetMappingBytes = 2'181'042'176;
inline constexpr std::uint64_t kCacheMappingBytes = 268'439'552;
inline constexpr std::uint64_t kScratchpadMappingBytes = 2'101'248;

// "randomx.dataset", "randomx.cache" or "randomx.scratchpad" for exactly such a size. The scratchpad's is common
// elsewhere too: it means nothing alone.
std::optional<std::string_view> randomx_allocation(std::uint64_t bytes);

// x86-64 machine code that the compilers of librandomx and XMRig emit for CFROUND, numbered from `first_id` on.
// Meaningful in anonymous executable memory only.
std::vector<match::Pattern> randomx_code_patterns(std::uint32_t first_id);

}  // namespace davy::mining

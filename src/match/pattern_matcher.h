// Many byte patterns found at once, each wherever it stands.
//
// Every occurrence is reported, overlapping ones too: the pattern's id and the offset behind its last byte. No order is
// promised. Two patterns may have the same bytes, or the same id. There are two implementations of one contract: the
// fast one (vectorscan, only where the build has it) and the portable one (Aho-Corasick); create() takes the fast one
// if that can look for the patterns (it cannot for one of zero bytes only).
//
// Thread-safe: a matcher never changes after create(), a scan keeps its state to itself. create() does all the
// compiling; scan() uses nothing but memory (it opens no file and starts no thread), so a matcher made before a process
// confines itself works afterwards. scan() throws nothing but what the callback throws, and std::bad_alloc.
//
// Limits: kPatternsMax, kPatternBytesMax, kAllPatternsBytesMax. Errors of create(): invalid_argument (an empty
// pattern, or none at all), limit_exceeded, unsupported (the library refused).
//
//   const Pattern patterns[] = {{1, bytes_of("stratum+"), true}, {2, {0x0f, 0xae, 0x14}, false}};
//   const auto matcher = TRY(PatternMatcher::create(patterns));
//   matcher->scan(bytes, [&](std::uint32_t id, std::size_t end_offset) { return ++hits < kHitsMax; });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/bytes.h"

namespace davy::match {

inline constexpr std::size_t kPatternsMax = 100'000;
inline constexpr std::size_t kPatternBytesMax = 512;
inline constexpr std::size_t kAllPatternsBytesMax = 4U << 20;

struct Pattern {
  std::uint32_t id = 0;
  Bytes bytes;
  bool ignore_case = false;  // of the ASCII letters
};

// False stops the scan.
using HitFunction = std::function<bool(std::uint32_t id, std::size_t end_offset)>;

class PatternMatcher {
 public:
  static Result<std::unique_ptr<PatternMatcher>> create(std::span<const Pattern> patterns);

  virtual ~PatternMatcher() = default;
  virtual void scan(ByteView bytes, const HitFunction& hit) const = 0;
};

// The largest view that vectorscan is given at once; longer ones are scanned block by block.
inline constexpr std::size_t kFastBlockBytes = 1U << 30;

Result<std::unique_ptr<PatternMatcher>> create_portable_matcher(std::span<const Pattern> patterns);
// Only in builds with vectorscan. `block_bytes` is for tests; it must be more than the longest pattern.
Result<std::unique_ptr<PatternMatcher>> create_fast_matcher(std::span<const Pattern> patterns,
                                                            std::size_t block_bytes = kFastBlockBytes);

// What create() refuses, for both implementations.
Status check_patterns(std::span<const Pattern> patterns);

}  // namespace davy::match

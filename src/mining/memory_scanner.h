// Looks for marks of mining in windows of a process's memory: RandomX machine code, proof-of-work constants, and text
// of miner structure; one pass over the bytes for all of them.
//
// Made to run in a confined worker: create() compiles the patterns (in the parent, before the fork), scan() touches
// memory only. One thread at a time. Limits: kMemoryTextsMax texts, kAnchorsLookedAtMax closer looks in one scan.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "mining/proof_constants.h"

namespace davy::mining {

inline constexpr std::size_t kMemoryTextsMax = 16;
inline constexpr std::size_t kAnchorsLookedAtMax = 512;

struct MemoryWindow {
  enum class Kind { anonymous_code, file_data, anonymous_data };
  Kind kind = Kind::anonymous_data;
  ByteView bytes;
};

struct MemoryMarks {
  std::uint32_t randomx_code = 0;           // sequences in anonymous executable pages
  std::vector<model::FamilySeen> families;  // strongest first
  std::vector<model::MinerTextSeen> texts;  // in writable memory: what a program only carries is not what it does
};

class MemoryScanner {
 public:
  // Errors: malformed constants.
  static Result<MemoryScanner> create(const Json& proof_constants);

  MemoryMarks scan(std::span<const MemoryWindow> windows) const;

 private:
  struct Progress;
  MemoryScanner(ProofConstants constants, std::unique_ptr<match::PatternMatcher> matcher)
      : constants_(std::move(constants)), matcher_(std::move(matcher)) {}
  void scan(const MemoryWindow& window, Progress& progress) const;

  ProofConstants constants_;
  std::unique_ptr<match::PatternMatcher> matcher_;
};

}  // namespace davy::mining

#include "mining/randomx.h"

#include <array>

namespace davy::mining {
namespace {

constexpr std::uint32_t kMxcsrFlushToZero = 0x8000;
constexpr std::uint32_t kMxcsrDenormalsAreZero = 0x0040;
constexpr unsigned kMxcsrRoundingShift = 13;
constexpr unsigned kFpcrRoundingShift = 22;
constexpr std::uint32_t kFpcrFlushToZero = 1U << 24;

// FPCR counts up before down; MXCSR the other way round.
constexpr std::array<unsigned, 4> kModeOfFpcr = {0, 2, 1, 3};

}  // namespace

FpControl decode_fp_control(std::string_view architecture, std::uint32_t word) {
  constexpr std::uint32_t kBothX86 = kMxcsrFlushToZero | kMxcsrDenormalsAreZero;
  if (architecture == "x86_64") return {(word >> kMxcsrRoundingShift) & 3U, (word & kBothX86) == kBothX86};
  if (architecture == "aarch64")
    return {kModeOfFpcr[(word >> kFpcrRoundingShift) & 3U], (word & kFpcrFlushToZero) != 0};
  return {};
}

std::optional<std::string_view> randomx_allocation(std::uint64_t bytes) {
  if (bytes == kDatasetBytes || bytes == kDatasetMappingBytes) return "randomx.dataset";
  if (bytes == kCacheBytes || bytes == kCacheMappingBytes) return "randomx.cache";
  if (bytes == kScratchpadBytes || bytes == kScratchpadMappingBytes) return "randomx.scratchpad";
  return std::nullopt;
}

std::vector<match::Pattern> randomx_code_patterns(std::uint32_t first_id) {
  // and eax, 0x6000; or eax, 0x9fc0: librandomx, jit_compiler_x86.cpp
  const Bytes library = {0x25, 0x00, 0x60, 0x00, 0x00, 0x0d, 0xc0, 0x9f, 0x00, 0x00};
  // and eax, 12; ldmxcsr [rsp + rax]: XMRig, jit_compiler_x86.cpp
  const Bytes xmrig = {0x83, 0xe0, 0x0c, 0x0f, 0xae, 0x14, 0x04};
  // and eax, 12; cmp eax, [rsp + 32]; je over; ldmxcsr [rsp + rax]; jmp; mov [rsp + 32], eax: XMRig on AMD
  const Bytes xmrig_amd = {0x83, 0xe0, 0x0c, 0x3b, 0x44, 0x24, 0x20, 0x74, 0x0a, 0x0f,
                           0xae, 0x14, 0x04, 0xeb, 0x00, 0x89, 0x44, 0x24, 0x20};
  // The mask of FSCAL_R, twice 0x80F0000000000000, which stands before every compiled program (specification 5.3.2)
  const Bytes scale_mask = {0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x80,
                            0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x80};
  return {{first_id, library, false},
          {first_id + 1, xmrig, false},
          {first_id + 2, xmrig_amd, false},
          {first_id + 3, scale_mask, false}};
}

}  // namespace davy::mining

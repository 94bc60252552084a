// Zcash's share: the header as ZIP 301 sends its members (they stand as in the block, so they are only joined), the
// Equihash solution over it, and the double SHA-256 of both under the target.
#include "base/hash.h"
#include "mining/equihash.h"
#include "mining/number256.h"
#include "mining/share_proof.h"

namespace davy::mining {
namespace {

constexpr std::size_t kWordDigits = 8;
constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kNonceDigits = 64;
constexpr std::size_t kTargetDigits = 64;
constexpr std::size_t kLengthBytes = 3;  // fd 40 05: 1344 as a compact size
constexpr std::uint8_t kLengthOfTwoBytes = 0xfd;

struct Member {
  std::string_view digits;
  std::size_t size;
};

std::optional<Bytes> header_of(const ZcashJob& job, std::string_view nonce1, std::string_view nonce2,
                               std::string_view time) {
  if (nonce1.size() + nonce2.size() != kNonceDigits || nonce1.size() % 2 != 0) return std::nullopt;
  std::string digits;
  for (const Member& member :
       {Member{job.version, kWordDigits}, Member{job.previous_hash, kHashDigits}, Member{job.merkle_root, kHashDigits},
        Member{job.reserved, kHashDigits}, Member{time, kWordDigits}, Member{job.bits, kWordDigits}}) {
    if (member.digits.size() != member.size) return std::nullopt;
    digits.append(member.digits);
  }
  auto header = from_hex(digits.append(nonce1).append(nonce2));
  if (!header) return std::nullopt;
  return std::move(*header);
}

// With its length before it.
std::optional<Bytes> solution_of(std::string_view digits) {
  const std::size_t size = kZcashEquihash.solution_bytes();
  if (digits.size() != 2 * (kLengthBytes + size)) return std::nullopt;
  auto bytes = from_hex(digits);
  if (!bytes || bytes->front() != kLengthOfTwoBytes || read_u16_le(*bytes, 1) != size) return std::nullopt;
  return std::move(*bytes);
}

}  // namespace

// The hash is looked at first: it costs a thousandth of the solution.
std::optional<ShareProof> prove_zcash_share(const ZcashJob& job, std::string_view nonce1, std::string_view nonce2,
                                            std::string_view time, std::string_view solution, std::string_view target) {
  const auto header = header_of(job, nonce1, nonce2, time);
  const auto solved = solution_of(solution);
  const auto wanted = parse_number256(target);
  if (!header || !solved || !wanted || target.size() != kTargetDigits || *wanted == Number256{}) return std::nullopt;
  Bytes block = *header;
  block.insert(block.end(), solved->begin(), solved->end());
  const bool under = number_of_digest(sha256(sha256(block))) <= *wanted;
  const bool valid = under && verify_equihash(kZcashEquihash, *header, ByteView(*solved).subspan(kLengthBytes));
  return ShareProof{valid, bits_of_target(*wanted), true};
}

}  // namespace davy::mining

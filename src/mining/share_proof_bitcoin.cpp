// Bitcoin's share, rebuilt from both sides of the conversation.
//
// The pool announces the coinbase transaction in two halves and the hashes on the way from it to the root of the
// block's Merkle tree; miner and pool each choose a part between the halves (extranonce). Hashing the whole coinbase
// and folding the branch gives the root; root, previous block, version, time, bits and nonce make the header of 80
// bytes; its double SHA-256, read as a number, must lie under the target. Source: the Stratum v1 description of the
// first pool that spoke it, BIP-310 and BIP-320 for version rolling.
#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "mining/number256.h"
#include "mining/share_proof.h"

namespace davy::mining {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kWordBytes = 4;
constexpr std::size_t kCoinbaseBytesMax = 64U << 10;
constexpr std::size_t kMerkleBranchMax = 32;                // a tree of 2^32 transactions
constexpr std::uint32_t kRollingMaskOfBip320 = 0x1fffe000;  // when the conversation was joined after the mask was said
constexpr double kTargetOfDifficultyOne = 65535.0;          // times 2^208
constexpr int kDifficultyOneExponent = 208;
constexpr int kHashBits = 256;

Sha256Digest twice(ByteView bytes) { return sha256(sha256(bytes)); }

std::optional<Bytes> bytes_of(std::string_view digits, std::size_t size) {
  if (digits.size() != 2 * size) return std::nullopt;
  auto bytes = from_hex(digits);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

// 1 to 8 digits, most significant first.
std::optional<std::uint32_t> word_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 2 * kWordBytes) return std::nullopt;
  const auto number = parse_number256(digits);
  if (!number) return std::nullopt;
  return read_u32_be(*number, number->size() - kWordBytes);
}

std::optional<Sha256Digest> coinbase_hash(const BitcoinJob& job, std::string_view extranonce1,
                                          std::string_view extranonce2) {
  std::string digits;
  for (const std::string_view part :
       {std::string_view(job.coinbase1), extranonce1, extranonce2, std::string_view(job.coinbase2)}) {
    if (part.size() % 2 != 0 || digits.size() + part.size() > 2 * kCoinbaseBytesMax) return std::nullopt;
    digits.append(part);
  }
  const auto bytes = from_hex(digits);
  if (!bytes || bytes->empty()) return std::nullopt;
  return twice(*bytes);
}

std::optional<Sha256Digest> merkle_root(Sha256Digest root, const std::vector<std::string>& branch) {
  if (branch.size() > kMerkleBranchMax) return std::nullopt;
  for (const std::string& digits : branch) {
    const auto other = bytes_of(digits, kHashBytes);
    if (!other) return std::nullopt;
    Bytes pair(root.begin(), root.end());
    pair.insert(pair.end(), other->begin(), other->end());
    root = twice(pair);
  }
  return root;
}

std::optional<std::uint32_t> rolled_version(std::string_view version, std::string_view rolled, std::string_view mask) {
  const auto announced = word_of(version);
  if (!announced || rolled.empty()) return announced;
  const auto chosen = word_of(rolled);
  const auto free_bits = mask.empty() ? kRollingMaskOfBip320 : word_of(mask);
  if (!chosen || !free_bits) return std::nullopt;
  return (*announced & ~*free_bits) | (*chosen & *free_bits);
}

// Stratum turns every word of the previous block's hash around.
std::optional<Bytes> previous_hash(std::string_view digits) {
  auto bytes = bytes_of(digits, kHashBytes);
  if (!bytes) return std::nullopt;
  for (auto word = bytes->begin(); word != bytes->end(); word += kWordBytes) std::reverse(word, word + kWordBytes);
  return bytes;
}

std::optional<Bytes> header_of(const BitcoinJob& job, const BitcoinSubmit& submit, const Sha256Digest& root,
                               std::string_view version_mask) {
  const auto version = rolled_version(job.version, submit.version_bits, version_mask);
  const auto previous = previous_hash(job.previous_hash);
  const auto time = word_of(submit.time);
  const auto bits = word_of(job.bits);
  const auto nonce = word_of(submit.nonce);
  if (!version || !previous || !time || !bits || !nonce) return std::nullopt;
  Bytes header;
  append_u32_le(header, *version);
  header.insert(header.end(), previous->begin(), previous->end());
  header.insert(header.end(), root.begin(), root.end());
  for (const std::uint32_t word : {*time, *bits, *nonce}) append_u32_le(header, word);
  return header;
}

}  // namespace

std::optional<ShareProof> prove_bitcoin_share(const BitcoinJob& job, std::string_view extranonce1,
                                              const BitcoinSubmit& submit, double difficulty,
                                              std::string_view version_mask) {
  if (!std::isfinite(difficulty) || difficulty <= 0.0) return std::nullopt;
  const auto coinbase = coinbase_hash(job, extranonce1, submit.extranonce2);
  if (!coinbase) return std::nullopt;
  const auto root = merkle_root(*coinbase, job.merkle_branch);
  if (!root) return std::nullopt;
  const auto header = header_of(job, submit, *root, version_mask);
  if (!header) return std::nullopt;
  const double hash = approximate(number_of_digest(twice(*header)));
  const double target = std::ldexp(kTargetOfDifficultyOne, kDifficultyOneExponent) / difficulty;
  return ShareProof{hash <= target, std::max(0.0, kHashBits - std::log2(target)), true};
}

}  // namespace davy::mining

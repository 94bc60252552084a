// Whether a share holds: the proof of work that a client sent, checked against the target of the job it answers.
//
// Bitcoin's header and Equihash solutions are computed here ("recomputed"); for memory-hard algorithms the hash that
// the client claims is compared with the target ("claimed"), which chance passes once in 2^bits messages.
// Texts are hexadecimal as they stand in the conversation; anything malformed gives nothing. Pure; thread-safe. The
// first use of SHA-256 makes the library read its settings: hash something before a process confines itself.
//
//   const auto proof = prove_cryptonote_share(job.target, submit.result);
//   if (proof && proof->valid) facts.bits += proof->bits;
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace davy::mining {

inline constexpr double kTrivialBits = 10.0;  // an easier target proves nothing

struct ShareProof {
  bool valid = false;
  double bits = 0.0;        // log2(2^256 / target): how unlikely chance is to find it
  bool recomputed = false;  // the hash was computed here
};

// CryptoNote: `target` of 8 or 16 digits (4 or 8 bytes, little endian), `result` of 64.
std::optional<ShareProof> prove_cryptonote_share(std::string_view target, std::string_view result);

// The expected number of hashes behind one share of a CryptoNote target: 2^32 / target or 2^64 / target.
std::optional<double> cryptonote_difficulty(std::string_view target);

// mining.notify of Bitcoin's family, members as they stand there.
struct BitcoinJob {
  std::string previous_hash;  // 64 digits, words swapped as Stratum does
  std::string coinbase1, coinbase2;
  std::vector<std::string> merkle_branch;
  std::string version, bits, time;  // 8 digits each
};
struct BitcoinSubmit {
  std::string extranonce2, time, nonce;
  std::string version_bits;  // empty without version rolling
};
// Rebuilds the header and hashes it with SHA-256 twice; `difficulty` as set_difficulty said (1 is 32 bits).
std::optional<ShareProof> prove_bitcoin_share(const BitcoinJob& job, std::string_view extranonce1,
                                              const BitcoinSubmit& submit, double difficulty,
                                              std::string_view version_mask);

// mining.notify of Zcash's family (ZIP 301), members as they stand there.
struct ZcashJob {
  std::string version, previous_hash, merkle_root, reserved, time, bits;
};
// Checks the Equihash 200,9 solution (1344 bytes, with its 3-byte length before it) and the header's hash against
// `target` (64 digits, big endian, of mining.set_target). `nonce1` of the server, `nonce2` of the client.
std::optional<ShareProof> prove_zcash_share(const ZcashJob& job, std::string_view nonce1, std::string_view nonce2,
                                            std::string_view time, std::string_view solution, std::string_view target);

// log2(2^256 / target) of a target of up to 64 big-endian digits ("0x" may stand before it); nothing when it is zero
// or malformed.
std::optional<double> target_bits(std::string_view target);

}  // namespace davy::mining

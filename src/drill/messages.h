// The conversation of CryptoNote-style mining, as text: what the exercise's two sides say to each other.
//
// Line-delimited JSON-RPC 2.0 over TCP, shapes as public pools and programs use them (login with a first job in the
// answer, pushed jobs, submitted results, keepalives). Every function appends one line with its newline to `out`; the
// caller wipes it. Pure functions; no errors.
#pragma once

#include "drill/plan.h"

namespace davy::drill {

inline constexpr std::size_t kLineBytesMax = 16U << 10;
inline constexpr std::size_t kBlobBytesMax = 140;
inline constexpr std::size_t kBlobBytes = 76;
inline constexpr std::size_t kNonceOffset = 39;

MaskedView wire_name(Algorithm algorithm);

// What a pool hands out. The blob is made-up bytes: no chain stands behind it.
struct Job {
  std::array<std::uint8_t, kBlobBytesMax> blob{};
  std::size_t blob_bytes = 0;
  std::uint32_t target = 0;  // the last four bytes of a result, little endian, may be at most this
  MaskedField id;
};

// Reads the job in a pushed line or in the answer to a login; false when a field is missing or out of bounds.
bool read_job(std::string_view line, Job& job);

struct Share {
  std::uint32_t nonce = 0;
  std::array<std::uint8_t, 32> result{};
  MaskedField job_id;
};

void add_login(SecretText& out, std::uint64_t id, std::string_view wallet);
void add_submit(SecretText& out, std::uint64_t id, MaskedView session, const Share& share);
void add_keepalive(SecretText& out, std::uint64_t id, MaskedView session);

struct JobTerms {
  Algorithm algorithm = Algorithm::randomx;
  std::uint64_t height = 0;
};
void add_job_push(SecretText& out, const Job& job, const JobTerms& terms);
void add_login_answer(SecretText& out, std::uint64_t id, MaskedView session, const Job& job, const JobTerms& terms);
void add_status(SecretText& out, std::uint64_t id, MaskedView status);
void add_error(SecretText& out, std::uint64_t id, MaskedView message);

}  // namespace davy::drill

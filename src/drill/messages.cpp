#include "drill/messages.h"

#include "drill/fields.h"

namespace davy::drill {
namespace {

SecretText& open(SecretText& out, std::uint64_t id) {
  return out.add(mask("{\"id\":")).add_number(id).add(mask(",\"jsonrpc\":\"2.0\","));
}

void add_job_object(SecretText& out, const Job& job, const JobTerms& terms) {
  const std::array<std::uint8_t, 4> target{
      static_cast<std::uint8_t>(job.target), static_cast<std::uint8_t>(job.target >> 8U),
      static_cast<std::uint8_t>(job.target >> 16U), static_cast<std::uint8_t>(job.target >> 24U)};
  out.add(mask("{\"blob\":\"")).add_hex(job.blob.data(), job.blob_bytes);
  out.add(mask("\",\"job_id\":\"")).add(job.id.view());
  out.add(mask("\",\"target\":\"")).add_hex(target.data(), target.size());
  out.add(mask("\",\"algo\":\"")).add(wire_name(terms.algorithm));
  out.add(mask("\",\"height\":")).add_number(terms.height);
  out.add(mask(",\"seed_hash\":\"")).add_hex(job.blob.data() + 7, 32).add(mask("\"}"));
}

}  // namespace

MaskedView wire_name(Algorithm algorithm) {
  static constexpr auto kRandomX = mask("rx/0");
  static constexpr auto kScrypt = mask("scrypt");
  static constexpr auto kArgon2 = mask("argon2/chukwa");
  static constexpr auto kSha256d = mask("sha256d");
  switch (algorithm) {
    case Algorithm::randomx: return kRandomX;
    case Algorithm::scrypt: return kScrypt;
    case Algorithm::argon2id: return kArgon2;
    case Algorithm::sha256d: return kSha256d;
  }
  return kRandomX;
}

bool read_job(std::string_view line, Job& job) {
  const auto blob = string_field(line, mask("blob"));
  const auto id = string_field(line, mask("job_id"));
  const auto target = string_field(line, mask("target"));
  if (!blob || !id || !target) return false;
  Job read;
  const auto bytes = read_hex(*blob, read.blob, true);
  if (!bytes || *bytes < kNonceOffset + 4 || !read.id.store(*id)) return false;
  // Eight-byte targets are told apart by length; their upper half says the same as a four-byte one.
  std::array<std::uint8_t, 8> little{};
  const auto target_bytes = read_hex(*target, little, true);
  if (!target_bytes || (*target_bytes != 4 && *target_bytes != 8)) return false;
  read.blob_bytes = *bytes;
  read.target = read_u32_le(little, *target_bytes - 4).value_or(0);
  job = read;
  return true;
}

void add_login(SecretText& out, std::uint64_t id, std::string_view wallet) {
  open(out, id).add(mask("\"method\":\"login\",\"params\":{\"login\":\"")).add(wallet);
  out.add(
      mask("\",\"pass\":\"x\",\"agent\":\"XMRig/6.22.2 (Linux x86_64) libuv/1.44.2 gcc/12.2.0 davy-exercise\","
           "\"algo\":[\"rx/0\",\"cn/2\",\"cn/r\",\"cn/fast\",\"cn/half\",\"cn/xao\",\"cn/rto\",\"cn/rwz\",\"cn/zls\","
           "\"cn/double\",\"cn/ccx\",\"cn-lite/1\",\"cn-heavy/0\",\"cn-heavy/tube\",\"cn-heavy/xhv\",\"cn-pico\","
           "\"cn/upx2\",\"cn/1\",\"rx/wow\",\"rx/arq\",\"rx/graft\",\"rx/sfx\",\"argon2/chukwa\"]}}\n"));
}

void add_submit(SecretText& out, std::uint64_t id, MaskedView session, const Share& share) {
  const std::array<std::uint8_t, 4> nonce{
      static_cast<std::uint8_t>(share.nonce), static_cast<std::uint8_t>(share.nonce >> 8U),
      static_cast<std::uint8_t>(share.nonce >> 16U), static_cast<std::uint8_t>(share.nonce >> 24U)};
  open(out, id).add(mask("\"method\":\"submit\",\"params\":{\"id\":\"")).add(session);
  out.add(mask("\",\"job_id\":\"")).add(share.job_id.view());
  out.add(mask("\",\"nonce\":\"")).add_hex(nonce.data(), nonce.size());
  out.add(mask("\",\"result\":\"")).add_hex(share.result.data(), share.result.size()).add(mask("\"}}\n"));
}

void add_keepalive(SecretText& out, std::uint64_t id, MaskedView session) {
  open(out, id).add(mask("\"method\":\"keepalived\",\"params\":{\"id\":\"")).add(session).add(mask("\"}}\n"));
}

void add_job_push(SecretText& out, const Job& job, const JobTerms& terms) {
  out.add(mask("{\"jsonrpc\":\"2.0\",\"method\":\"job\",\"params\":"));
  add_job_object(out, job, terms);
  out.add(mask("}\n"));
}

void add_login_answer(SecretText& out, std::uint64_t id, MaskedView session, const Job& job, const JobTerms& terms) {
  open(out, id).add(mask("\"error\":null,\"result\":{\"id\":\"")).add(session).add(mask("\",\"job\":"));
  add_job_object(out, job, terms);
  out.add(mask(",\"extensions\":[\"algo\",\"keepalive\"],\"status\":\"OK\"}}\n"));
}

void add_status(SecretText& out, std::uint64_t id, MaskedView status) {
  open(out, id).add(mask("\"error\":null,\"result\":{\"status\":\"")).add(status).add(mask("\"}}\n"));
}

void add_error(SecretText& out, std::uint64_t id, MaskedView message) {
  open(out, id).add(mask("\"error\":{\"code\":-1,\"message\":\"")).add(message).add(mask("\"}}\n"));
}

}  // namespace davy::drill

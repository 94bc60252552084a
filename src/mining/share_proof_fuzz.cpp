// Any members, one a line: a proof, when there is one, tells a number of bits that is one, and tells it again.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "base/bytes.h"
#include "mining/equihash.h"
#include "mining/share_proof.h"

namespace {

using davy::mining::BitcoinJob;
using davy::mining::BitcoinSubmit;
using davy::mining::ShareProof;
using davy::mining::ZcashJob;

class Members {
 public:
  explicit Members(std::string_view text) : text_(text) {}
  std::string next() {
    const std::size_t end = text_.find('\n');
    const std::string_view member = text_.substr(0, end);
    text_ = end == std::string_view::npos ? std::string_view() : text_.substr(end + 1);
    return std::string(member);
  }
  bool more() const { return !text_.empty(); }

 private:
  std::string_view text_;
};

void check(const std::optional<ShareProof>& proof) {
  if (proof && (!std::isfinite(proof->bits) || proof->bits < 0.0 || proof->bits > 1'400.0)) std::abort();
}

void prove_bitcoin(Members members) {
  BitcoinJob job{members.next(), members.next(), members.next(), {}, members.next(), members.next(), members.next()};
  const BitcoinSubmit submit{members.next(), members.next(), members.next(), members.next()};
  const std::string extranonce1 = members.next();
  const std::string mask = members.next();
  const double difficulty = std::strtod(members.next().c_str(), nullptr);
  while (members.more()) job.merkle_branch.push_back(members.next());
  check(davy::mining::prove_bitcoin_share(job, extranonce1, submit, difficulty, mask));
}

void prove_zcash(Members members) {
  const ZcashJob job{members.next(), members.next(), members.next(), members.next(), members.next(), members.next()};
  const std::string nonce1 = members.next();
  const std::string nonce2 = members.next();
  const std::string time = members.next();
  const std::string solution = members.next();
  check(davy::mining::prove_zcash_share(job, nonce1, nonce2, time, solution, members.next()));
}

void prove_cryptonote(Members members) {
  const std::string target = members.next();
  check(davy::mining::prove_cryptonote_share(target, members.next()));
  const auto difficulty = davy::mining::cryptonote_difficulty(target);
  if (difficulty && !(*difficulty >= 1.0)) std::abort();  // 1 when 2^64 - 1 is rounded
  const auto bits = davy::mining::target_bits(target);
  if (bits && !(*bits > -1e-9 && *bits <= 256.0)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = davy::as_text({data, size});
  prove_bitcoin(Members(text));
  prove_zcash(Members(text));
  prove_cryptonote(Members(text));
  constexpr davy::mining::EquihashParameters kSmall = {48, 5, "ZcashPoW"};
  const std::size_t solution = std::min(size, kSmall.solution_bytes());
  davy::mining::verify_equihash(kSmall, {data + solution, size - solution}, {data, solution});
  return 0;
}

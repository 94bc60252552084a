// Packets of both sides with losses in between: counts stay consistent and texts bounded.
#include <cstdlib>

#include "mining/dialect.h"

namespace {

constexpr std::unique_ptr<davy::mining::ByteDialect> (*kCreate[])() = {
    davy::mining::create_duino_dialect, davy::mining::create_stratum_v2_dialect, davy::mining::create_zmq_dialect,
    davy::mining::create_peer_dialect};

void check(const davy::mining::ConversationFacts& facts) {
  for (const std::string* text :
       {&facts.coin, &facts.algorithm, &facts.wallet, &facts.account, &facts.worker, &facts.agent})
    if (text->size() > davy::mining::kFactBytesMax) std::abort();
  const auto& shares = facts.shares;
  if (shares.valid + shares.invalid + shares.unchecked > shares.sent) std::abort();
}

}  // namespace

// A byte says who speaks, whether a packet begins, how many bytes were lost before; two say how many bytes follow.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace davy::mining;
  std::vector<std::unique_ptr<ByteDialect>> dialects;
  for (const auto create : kCreate) dialects.push_back(create());
  std::uint64_t offsets[2] = {0, 0};
  for (davy::ByteView rest(data, size); rest.size() > 3;) {
    const std::uint8_t how = rest[0];
    const std::size_t wanted = (rest[1] | (std::size_t{rest[2]} << 8U)) & 0xfffU;
    rest = rest.subspan(3);
    const davy::ByteView bytes = rest.first(std::min(wanted, rest.size()));
    rest = rest.subspan(bytes.size());
    std::uint64_t& offset = offsets[how & 1U];
    offset += how >> 4U;
    const Side side = (how & 1U) != 0 ? Side::server : Side::client;
    for (const auto& dialect : dialects) {
      dialect->see(side, bytes, offset, (how & 2U) == 0, {});
      check(dialect->facts());
    }
    offset += bytes.size();
  }
  return 0;
}

// Lines of JSON from two sides to every dialect of miners and pools: facts stay short, and no share is counted twice.
#include <memory>
#include <vector>

#include "base/json.h"
#include "base/lines.h"
#include "mining/dialect.h"

namespace {

using namespace davy::mining;  // the target stands alone in its program

void check(const ConversationFacts& facts) {
  for (const std::string* text :
       {&facts.dialect, &facts.coin, &facts.algorithm, &facts.wallet, &facts.account, &facts.worker, &facts.agent})
    if (text->size() > kFactBytesMax) __builtin_trap();
  const ShareFacts& shares = facts.shares;
  if (shares.valid + shares.invalid + shares.unchecked > shares.sent) __builtin_trap();
  if (!(shares.bits >= 0.0) || !(shares.expected_hashes >= 0.0)) __builtin_trap();
  if ((facts.role == Role::none) != (facts.client_fits + facts.server_fits == 0)) __builtin_trap();
}

}  // namespace

// A line that begins with '<' is the server's, with '@' comes over HTTP.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::unique_ptr<Dialect>> dialects;
  for (const auto create : {create_stratum_dialect, create_ethproxy_dialect, create_cryptonote_dialect,
                            create_grin_dialect, create_beam_dialect})
    dialects.push_back(create());
  const HttpExchange http{.method = "POST", .target = "/?miner=1@0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed@r"};
  while (!text.empty()) {
    std::string_view line = davy::take_line(text);
    const char mark = line.empty() ? ' ' : line[0];
    if (mark == '<' || mark == '@') line.remove_prefix(1);
    const auto json = davy::Json::parse(line);
    if (!json) continue;
    const Message message{.side = mark == '<' ? Side::server : Side::client,
                          .carrier = mark == '@' ? Carrier::http : Carrier::line,
                          .json = &*json,
                          .http = mark == '@' ? &http : nullptr};
    for (const auto& dialect : dialects) dialect->see(message), check(dialect->facts());
  }
  return 0;
}

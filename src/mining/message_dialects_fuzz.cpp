// Lines of JSON, each to be said by one side over one carrier: counts stay consistent and texts bounded.
#include <cstdlib>

#include "base/lines.h"
#include "mining/dialect.h"

namespace {

using davy::mining::Dialect;

constexpr std::unique_ptr<Dialect> (*kCreate[])() = {
    davy::mining::create_coinhive_dialect, davy::mining::create_webminerpool_dialect,
    davy::mining::create_nimiq_dialect,    davy::mining::create_block_template_dialect,
    davy::mining::create_node_rpc_dialect, davy::mining::create_ergo_node_dialect,
    davy::mining::create_chia_dialect};
constexpr const char* kTargets[] = {"/",          "/json_rpc",         "/partial",         "/farmer",
                                    "/pool_info", "/mining/candidate", "/mining/solution", "/start_mining"};

void check(const davy::mining::ConversationFacts& facts) {
  for (const std::string* text :
       {&facts.coin, &facts.algorithm, &facts.wallet, &facts.account, &facts.worker, &facts.agent})
    if (text->size() > davy::mining::kFactBytesMax) std::abort();
  const auto& shares = facts.shares;
  if (shares.valid + shares.invalid + shares.unchecked > shares.sent) std::abort();
  if (facts.role != davy::mining::Role::none && facts.client_fits + facts.server_fits == 0) std::abort();
}

}  // namespace

// The first byte of a line says who speaks and how.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace davy::mining;
  std::vector<std::unique_ptr<Dialect>> dialects;
  for (const auto create : kCreate) dialects.push_back(create());
  std::string_view text = davy::as_text({data, size});
  HttpExchange http;
  while (!text.empty()) {
    const std::string_view line = davy::take_line(text);
    if (line.empty()) continue;
    const auto how = static_cast<unsigned char>(line[0]);
    const auto json = davy::Json::parse(line.substr(1));
    const Side side = (how & 1U) != 0 ? Side::server : Side::client;
    const Carrier carrier = (how & 2U) != 0 ? Carrier::http : Carrier::websocket;
    http.target = kTargets[(how >> 2U) & 7U], http.mining_header = (how & 32U) != 0, http.status = 200;
    if (!json && line.size() > 1 && line[1] == '/') http.target = line.substr(1);
    const Message message{.side = side,
                          .at = {},
                          .carrier = carrier,
                          .json = json ? &*json : nullptr,
                          .http = carrier == Carrier::http ? &http : nullptr};
    for (const auto& dialect : dialects) dialect->see(message), check(dialect->facts());
  }
  return 0;
}

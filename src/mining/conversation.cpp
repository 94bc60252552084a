#include "mining/conversation.h"

#include <algorithm>
#include <utility>

namespace davy::mining {
namespace {

// More messages that only this dialect explains, from both sides rather than one, and fewer that it cannot explain.
std::int64_t score(const ConversationFacts& facts) {
  const std::int64_t fits = std::int64_t{facts.client_fits} + facts.server_fits;
  if (fits == 0) return 0;
  return fits * 4 + (facts.both_sides() ? 4 : 0) - std::int64_t{facts.misfits} * 3;
}

template <class Any>
const ConversationFacts* best_of(const std::vector<std::unique_ptr<Any>>& dialects, const ConversationFacts* best) {
  for (const auto& dialect : dialects)
    if (score(dialect->facts()) > (best == nullptr ? 0 : score(*best))) best = &dialect->facts();
  return best;
}

// Drops those that lag behind the best by more than kFitsToWin messages.
template <class Any>
void drop_losers(std::vector<std::unique_ptr<Any>>& dialects, std::int64_t best) {
  std::erase_if(dialects,
                [&](const auto& dialect) { return score(dialect->facts()) + std::int64_t{kFitsToWin} * 4 <= best; });
}

}  // namespace

std::string_view name_of(Role role) {
  constexpr std::string_view kNames[] = {"none", "pool", "solo", "proxy", "node", "wallet"};
  return kNames[static_cast<std::size_t>(role)];
}

bool may_begin(const Message& message) {
  if (message.json != nullptr || message.http == nullptr || message.http->mining_header) return true;
  const std::string_view target = std::string_view(message.http->target).substr(0, message.http->target.find('?'));
  constexpr std::string_view kEndings[] = {"/pool_info", "/farmer",
                                           "/partial"};  // of Chia; Ergo's nodes have /mining/...
  return target.starts_with("/mining/") ||
         std::ranges::any_of(kEndings, [&](std::string_view ending) { return target.ends_with(ending); });
}

const ConversationFacts& Conversation::facts() const {
  static const ConversationFacts kNone;
  const ConversationFacts* best = best_of(byte_dialects_, best_of(dialects_, nullptr));
  return best == nullptr ? kNone : *best;
}

void Conversation::settle() {
  ++messages_;
  const std::int64_t best = score(facts());
  if (best <= 0) {
    if (messages_ < kMessagesToDecide) return;
    given_up_ = true;
    dialects_.clear(), byte_dialects_.clear();
    return;
  }
  drop_losers(dialects_, best);
  drop_losers(byte_dialects_, best);
}

template <class Any>
void Conversation::begin(bool& begun, std::vector<std::unique_ptr<Any>>& dialects,
                         std::vector<std::unique_ptr<Any>> (*create)()) {
  if (!std::exchange(begun, true) && score(facts()) < std::int64_t{kFitsToWin} * 4) dialects = create();
}

void Conversation::see(const Message& message) {
  if (given_up_) return;
  begin(messages_begun_, dialects_, create_dialects);
  for (const auto& dialect : dialects_) dialect->see(message);
  settle();
}

void Conversation::see_bytes(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) {
  if (given_up_) return;
  begin(bytes_begun_, byte_dialects_, create_byte_dialects);
  for (const auto& dialect : byte_dialects_) dialect->see(side, bytes, offset, packet_start, at);
  small_bytes_ += bytes.size();
  if (small_bytes_ < kSmallBytes) return;  // a sender that writes byte by byte has said nothing yet
  small_bytes_ = 0;
  settle();
}

std::vector<std::unique_ptr<Dialect>> create_dialects() {
  std::vector<std::unique_ptr<Dialect>> out;
  for (const auto create :
       {create_stratum_dialect, create_ethproxy_dialect, create_cryptonote_dialect, create_grin_dialect,
        create_beam_dialect, create_coinhive_dialect, create_webminerpool_dialect, create_nimiq_dialect,
        create_block_template_dialect, create_ergo_node_dialect, create_chia_dialect, create_node_rpc_dialect})
    out.push_back(create());
  return out;
}

std::vector<std::unique_ptr<ByteDialect>> create_byte_dialects() {
  std::vector<std::unique_ptr<ByteDialect>> out;
  for (const auto create : {create_stratum_v2_dialect, create_zmq_dialect, create_duino_dialect, create_peer_dialect})
    out.push_back(create());
  return out;
}

}  // namespace davy::mining

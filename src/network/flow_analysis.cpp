#include "network/flow_analysis.h"

#include <algorithm>

#include "network/behaviour/miner_service.h"

namespace davy::network {

bool FlowAnalysis::is_mining() const {
  if (encrypted_ && encrypted_->found) return true;
  return conversation_ && conversation_->facts().role != mining::Role::none;
}

bool FlowAnalysis::is_hopeless() const {
  if (encrypted_) return encrypted_->records >= kEncryptedRecordsMax && !encrypted_->found;
  const Wrapping wrapping = unwrapper_->wrapping();
  const bool unreadable = wrapping == Wrapping::text_lines || wrapping == Wrapping::binary;
  if (!conversation_) return unreadable || idle_messages_ >= mining::kMessagesToDecide;
  return conversation_->given_up();
}

const mining::ConversationFacts& FlowAnalysis::facts() const {
  static const mining::ConversationFacts kNone;
  return conversation_ ? conversation_->facts() : kNone;
}

void FlowAnalysis::data(mining::Side side, ByteView bytes, bool, Timestamp at) {
  if (!unwrapper_) return tls(side, bytes, at);
  unwrapper_->feed(side, bytes, at);
  if (encrypted_ && unwrapper_->wraps_nothing()) drop_unwrapper();
}

void FlowAnalysis::drop_unwrapper() {
  skipped_ = unwrapper_->skipped();
  unwrapper_.reset();
}

void FlowAnalysis::lost(mining::Side side, std::uint64_t bytes) {
  lost_ += bytes;
  if (unwrapper_) unwrapper_->lost(side, bytes);
  if (encrypted_) encrypted_->reader.lost(side, bytes);
}

void FlowAnalysis::message(const mining::Message& message) {
  if (host_.empty() && message.http != nullptr) host_ = message.http->host;
  if (!conversation_ && !mining::may_begin(message)) {
    ++idle_messages_;
    if (message.side == mining::Side::server && !service_told_) see_answer(message);
    return;
  }
  if (!conversation_) conversation_ = std::make_unique<mining::Conversation>();
  if (message.side == mining::Side::server && !service_told_) see_answer(message);
  conversation_->see(message);
}

void FlowAnalysis::see_answer(const mining::Message& message) {
  if (message.json != nullptr)
    if (auto product = behaviour::product_of_answer(*message.json)) service_ = {"api", std::move(*product)};
  if (message.http != nullptr && behaviour::is_miner_realm(message.http->realm))
    service_ = {"web", message.http->realm};
  service_told_ = service_.has_value();
}

void FlowAnalysis::bytes(mining::Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) {
  if (!conversation_) conversation_ = std::make_unique<mining::Conversation>();
  conversation_->see_bytes(side, bytes, offset, packet_start, at);
}

void FlowAnalysis::see_record(const TlsRecord& record) {
  ++encrypted_->records;
  const std::size_t overhead = encrypted_->reader.facts().record_overhead();
  const auto cost = static_cast<std::uint32_t>(overhead == 0 ? mining::kUnknownOverhead : overhead);
  if (encrypted_->cycle.see(record.side, record.bytes - std::min(record.bytes, cost), record.at))
    if (auto found = encrypted_->cycle.judge()) encrypted_->found = found;
}

void FlowAnalysis::tls(mining::Side side, ByteView bytes, Timestamp at) {
  if (!encrypted_) {
    encrypted_ = std::make_unique<Encrypted>();
    encrypted_->cycle = mining::TlsCycle(from_start_);
  }
  encrypted_->reader.feed(side, bytes, at, [this](const TlsRecord& record) { see_record(record); });
}

void FlowAnalysis::tunnel(const Tunnel& tunnel) { tunnel_ = tunnel; }

}  // namespace davy::network

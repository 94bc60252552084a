#include "network/flow_analysis.h"

namespace davy::network {

bool FlowAnalysis::is_mining() const {
  return conversation_ && conversation_->facts().role != mining::Role::none;
}

bool FlowAnalysis::is_hopeless() const {
  if (encrypted_) return true;
  const Wrapping wrapping = unwrapper_.wrapping();
  const bool unreadable = wrapping == Wrapping::text_lines || wrapping == Wrapping::binary;
  if (!conversation_) return unreadable;
  return conversation_->given_up();
}

const mining::ConversationFacts& FlowAnalysis::facts() const {
  static const mining::ConversationFacts kNone;
  return conversation_ ? conversation_->facts() : kNone;
}

void FlowAnalysis::data(mining::Side side, ByteView bytes, bool, Timestamp at) { unwrapper_.feed(side, bytes, at); }

void FlowAnalysis::lost(mining::Side side, std::uint64_t bytes) {
  lost_ += bytes;
  unwrapper_.lost(side, bytes);
}

void FlowAnalysis::message(const mining::Message& message) {
  if (!conversation_) conversation_ = std::make_unique<mining::Conversation>();
  if (host_.empty() && message.http != nullptr) host_ = message.http->host;
  conversation_->see(message);
}

void FlowAnalysis::bytes(mining::Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) {
  if (!conversation_) conversation_ = std::make_unique<mining::Conversation>();
  conversation_->see_bytes(side, bytes, offset, packet_start, at);
}

void FlowAnalysis::tls(mining::Side, ByteView, Timestamp) { encrypted_ = true; }

void FlowAnalysis::tunnel(const Tunnel& tunnel) { tunnel_ = tunnel; }

}  // namespace davy::network

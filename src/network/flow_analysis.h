// One connection that is being read: its segments in order, unwrapped, given to the dialects or the TLS reader.
//
// Made when the first bytes are worth it (first_bytes.h), dropped as soon as nothing can come of it any more; one that
// mines is followed to its end. Not thread-safe. Memory: some kilobytes, at most those of stream.h and unwrapper.h.
#pragma once

#include <optional>
#include <utility>

#include "mining/conversation.h"
#include "mining/cycle/tls_cycle.h"
#include "network/flow_table.h"
#include "network/stream.h"
#include "network/tls/tls.h"
#include "network/unwrapper.h"

namespace davy::network {

inline constexpr std::uint32_t kEncryptedRecordsMax = 4'000;  // without a cycle, then it is given up

// See behaviour/miner_service.h.
struct MinerService {
  const char* kind = "";  // "api", "web"
  std::string product;
};

// What is kept of an encrypted connection.
struct Encrypted {
  TlsReader reader;
  mining::TlsCycle cycle{true};
  std::optional<mining::CycleFinding> found;
  std::uint32_t records = 0;
};

class FlowAnalysis final : public FlowAttachment, private StreamSink, private UnwrapSink {
 public:
  // `from_start`: the connection's beginning is in the capture.
  explicit FlowAnalysis(bool from_start)
      : from_start_(from_start), unwrapper_(std::in_place, static_cast<UnwrapSink&>(*this)) {}

  void segment(mining::Side side, const Packet& packet) { stream_.segment(side, packet, *this); }

  // Nothing more can be learnt, and nothing was found.
  bool is_hopeless() const;
  // A mining conversation, or the share cycle of one.
  bool is_mining() const;

  const mining::ConversationFacts& facts() const;
  // Null when the connection is not TLS.
  const Encrypted* encrypted() const { return encrypted_.get(); }
  const std::optional<Tunnel>& tunnel() const { return tunnel_; }
  const std::string& host() const { return host_; }  // that an HTTP client named
  // The management of a miner that the server turned out to be; told once.
  std::optional<MinerService> take_service() { return std::exchange(service_, std::nullopt); }
  std::uint64_t lost_bytes() const { return lost_; }
  std::uint64_t skipped() const { return skipped_ + (unwrapper_ ? unwrapper_->skipped() : 0); }

  std::int64_t said_ns = 0;  // time of the flow's last packet when its owner last told what is known of it

 private:
  void data(mining::Side side, ByteView bytes, bool packet_start, Timestamp at) override;
  void lost(mining::Side side, std::uint64_t bytes) override;
  void message(const mining::Message& message) override;
  void see_record(const TlsRecord& record);
  void see_answer(const mining::Message& message);
  void drop_unwrapper();
  void bytes(mining::Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) override;
  void tls(mining::Side side, ByteView bytes, Timestamp at) override;
  void tunnel(const Tunnel& tunnel) override;

  bool from_start_;
  Stream stream_;
  std::optional<Unwrapper> unwrapper_;  // not of a connection that is TLS from its first byte
  std::unique_ptr<mining::Conversation> conversation_;
  std::unique_ptr<Encrypted> encrypted_;
  std::optional<Tunnel> tunnel_;
  std::optional<MinerService> service_;
  bool service_told_ = false;
  std::uint32_t idle_messages_ = 0;  // of both sides, before a conversation began
  std::string host_;
  std::uint64_t lost_ = 0, skipped_ = 0;
};

}  // namespace davy::network

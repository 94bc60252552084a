// A TCP connection that asks and answers in DNS: its messages in order, whatever pieces they come in.
//
// Deterministic; not thread-safe. Memory: that of a Stream and of a DnsStream for each side. Damaged messages end the
// reading of their side.
#pragma once

#include <array>
#include <functional>

#include "network/flow_table.h"
#include "network/names/dns.h"
#include "network/stream.h"

namespace davy::network {

class DnsConnection final : public FlowAttachment, private StreamSink {
 public:
  using Found = std::function<void(mining::Side side, const DnsMessage& message, Timestamp at)>;
  explicit DnsConnection(Found found) : found_(std::move(found)) {}

  bool reads_names() const override { return true; }
  void segment(mining::Side side, const Packet& packet) { stream_.segment(side, packet, *this); }

 private:
  void data(mining::Side side, ByteView bytes, bool packet_start, Timestamp at) override;
  void lost(mining::Side side, std::uint64_t bytes) override;

  Found found_;
  Stream stream_;
  std::array<DnsStream, 2> sides_;
};

}  // namespace davy::network

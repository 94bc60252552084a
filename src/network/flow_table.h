// The connections of a capture, found by their addresses and ports, within a memory cap.
//
// One Flow is a few numbers; whatever else is known of it hangs on `attached`, which only flows that are being read
// have. When the cap is reached the flow that was idle longest goes; that is counted and told to the owner, as is every
// flow at its end. A closed TCP connection whose ports are used again is a new flow. Not thread-safe.
// Limits: FlowLimits. Hashing is keyed (`seed`), so that nobody can choose addresses that collide.
//
//   FlowTable table({.flows_max = 500'000}, seed, [&](Flow& flow) { say_goodbye(flow); });
//   Flow& flow = table.see(packet);
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "mining/dialect.h"
#include "network/packet.h"

namespace davy::network {

struct FlowLimits {
  std::size_t flows_max = 1U << 20;
  Nanoseconds tcp_idle = std::chrono::minutes(30);
  Nanoseconds udp_idle = std::chrono::minutes(2);
};

// What hangs on a flow while it is read.
class FlowAttachment {
 public:
  virtual ~FlowAttachment() = default;
};

struct Flow {
  Address first, second;  // `first` sent the first packet that was seen
  std::int64_t first_ns = 0, last_ns = 0;
  std::array<std::uint64_t, 2> bytes{};    // payload, by first and second
  std::array<std::uint32_t, 2> packets{};  // by first and second
  std::unique_ptr<FlowAttachment> attached;
  std::uint32_t newer = 0, older = 0, next_in_bucket = 0;  // places in the table
  std::uint16_t first_port = 0, second_port = 0, vlan = 0;
  std::uint8_t protocol = 0;
  std::uint8_t looks = 0;         // payloads that were tried for something worth reading
  bool second_is_client = false;  // the first packet seen was the server's
  bool syn = false, syn_ack = false, established = false;
  bool fin_first = false, fin_second = false, reset = false;
  bool done = false;  // nothing more to be learnt from its bytes
  bool in_use = false;

  bool is_closed() const { return reset || (fin_first && fin_second); }
  bool from_start() const { return syn || syn_ack; }
  const Address& client() const { return second_is_client ? second : first; }
  const Address& server() const { return second_is_client ? first : second; }
  std::uint16_t client_port() const { return second_is_client ? second_port : first_port; }
  std::uint16_t server_port() const { return second_is_client ? first_port : second_port; }
};
static_assert(sizeof(Flow) <= 160, "an idle flow is to cost less than 200 bytes with its place in the index");

class FlowTable {
 public:
  using Goodbye = std::function<void(Flow&)>;
  FlowTable(FlowLimits limits, std::uint64_t seed, Goodbye goodbye);

  // The flow of this packet, with its numbers brought up to date; `side` says who sent the packet.
  Flow& see(const Packet& packet, mining::Side& side);

  // Says goodbye to all that are left.
  void finish();

  // `each(flow)` for the flows that packets came for at or after `since_ns`, newest first. Exact when packets come in
  // order of time; it ends at the first flow that is older.
  template <class Each>
  void each_since(std::int64_t since_ns, Each each) {
    for (std::uint32_t at = flows_[0].older; at != 0 && flows_[at].last_ns >= since_ns; at = flows_[at].older)
      each(flows_[at]);
  }

  std::size_t size() const { return used_; }
  std::uint64_t seen() const { return seen_; }        // flows so far
  std::uint64_t evicted() const { return evicted_; }  // before their time, because of the limit

 private:
  std::uint64_t hash(const Packet& packet) const;
  std::uint32_t find(const Packet& packet, std::uint32_t bucket, bool& forward) const;
  std::uint32_t create(const Packet& packet, std::uint32_t bucket);
  void count(Flow& flow, const Packet& packet, bool forward);
  void note_flags(Flow& flow, const Packet& packet, bool forward);
  void remove(std::uint32_t at);
  void expire(std::int64_t now_ns);
  void unlink(Flow& flow);
  void link_newest(std::uint32_t at);
  std::uint32_t bucket_of(const Flow& flow) const;

  FlowLimits limits_;
  std::uint64_t seed_;
  Goodbye goodbye_;
  std::vector<Flow> flows_;             // place 0 is the head of the list by age
  std::vector<std::uint32_t> buckets_;  // first flow of each, 0 for none
  std::vector<std::uint32_t> free_;
  std::size_t used_ = 0;
  std::uint64_t seen_ = 0, evicted_ = 0;
};

}  // namespace davy::network

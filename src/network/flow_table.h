// The connections of a capture, found by their addresses and ports, within a memory cap.
//
// One Flow is a few numbers; whatever else is known of it hangs on `attached`, which only flows that are being read
// have. When the cap is reached the flow that was idle longest goes, closed ones first; that is counted and told to the
// owner, as is every flow at its end. A closed TCP connection whose ports are used again is a new flow. Ages are kept
// to kAgeStep, so that a packet seldom touches other flows than its own. Not thread-safe. Limits: FlowLimits. Hashing
// is keyed (`seed`), so that nobody can choose addresses that collide.
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
  Nanoseconds closed_idle = std::chrono::seconds(15);  // connections of TCP that both sides ended, for stragglers
};
inline constexpr Nanoseconds kAgeStep = std::chrono::seconds(1);

// What hangs on a flow while it is read.
class FlowAttachment {
 public:
  virtual ~FlowAttachment() = default;
  // It is followed for the names in it alone: there is nothing to say of it at its end.
  virtual bool reads_names() const { return false; }
};

// What a packet asks for stands in front, within a line of the processor's cache.
struct alignas(64) Flow {
  Address first, second;             // `first` sent the first packet that was seen
  std::uint32_t next_in_bucket = 0;  // place in the table
  std::uint16_t first_port = 0, second_port = 0;
  std::uint8_t protocol = 0;
  std::uint8_t looks = 0;  // payloads that were tried for something worth reading
  std::uint16_t vlan = 0;
  bool second_is_client : 1 = false;  // the first packet seen was the server's
  bool syn : 1 = false, syn_ack : 1 = false, established : 1 = false;
  bool fin_first : 1 = false, fin_second : 1 = false, reset : 1 = false;
  bool done : 1 = false;  // nothing more to be learnt from its bytes
  bool in_use : 1 = false;
  std::uint8_t queue = 0;  // by age, see FlowTable
  std::unique_ptr<FlowAttachment> attached;
  std::int64_t last_ns = 0;
  std::array<std::uint32_t, 2> packets{};  // by first and second
  std::array<std::uint64_t, 2> bytes{};    // payload, by first and second
  std::int64_t first_ns = 0;
  std::int64_t queued_ns = 0;          // when it was last put to the end of its queue
  std::uint32_t newer = 0, older = 0;  // places in the table

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
  Flow& see(const Packet& packet, mining::Side& side) { return see(packet, hash(packet), side); }
  Flow& see(const Packet& packet, std::uint64_t hash, mining::Side& side);

  // The same for both directions.
  std::uint64_t hash(const Packet& packet) const;
  // Fetch into the processor's cache what see() will need, step by step, with other work in between.
  void fetch_bucket(std::uint64_t hash) const { __builtin_prefetch(&buckets_[place_of(hash)]); }
  void fetch_flow(std::uint64_t hash) const;
  void fetch_attachment(std::uint64_t hash) const;

  // Says goodbye to all that are left.
  void finish();

  // `each(flow)` for the flows that packets came for at or after `since_ns`. Looks at every flow: not for each packet.
  // (The queues cannot tell: what expires too early is put to the end of its queue with its old time.)
  template <class Each>
  void each_since(std::int64_t since_ns, Each each) {
    for (Flow& flow : flows_)
      if (flow.in_use && flow.last_ns >= since_ns) each(flow);
  }

  std::size_t size() const { return used_; }
  std::uint64_t seen() const { return seen_; }        // flows so far
  std::uint64_t evicted() const { return evicted_; }  // before their time, because of the limit

 private:
  // Of flows by age: each has a head in the table, whose `older` is the newest flow and whose `newer` the oldest.
  enum Queue : std::uint8_t { kClosed, kDatagrams, kConnections, kQueues };

  std::uint32_t place_of(std::uint64_t hash) const { return static_cast<std::uint32_t>(hash & (buckets_.size() - 1)); }
  std::uint32_t find(const Packet& packet, std::uint32_t bucket, bool& forward) const;
  std::uint32_t create(const Packet& packet, std::uint32_t bucket);
  void count(Flow& flow, const Packet& packet, bool forward);
  void note_flags(Flow& flow, const Packet& packet, bool forward);
  void remove(std::uint32_t at);
  void grow();
  void clear();
  void expire(std::int64_t now_ns);
  Nanoseconds idle_of(std::uint8_t queue) const;
  std::uint32_t oldest();
  std::uint32_t oldest_of(std::uint8_t queue);
  void age(std::uint32_t at);
  void unlink(Flow& flow);
  void link_newest(std::uint32_t at);
  std::uint32_t bucket_of(const Flow& flow) const;

  FlowLimits limits_;
  std::uint64_t seed_;
  Goodbye goodbye_;
  std::vector<Flow> flows_;             // the first places are the heads of the queues
  std::vector<std::uint32_t> buckets_;  // first flow of each, 0 for none
  std::vector<std::uint32_t> free_;
  std::size_t used_ = 0;
  std::uint64_t seen_ = 0, evicted_ = 0;
};

}  // namespace davy::network

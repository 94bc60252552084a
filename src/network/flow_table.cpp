#include "network/flow_table.h"

#include <algorithm>
#include <bit>

namespace davy::network {
namespace {

constexpr std::size_t kFirstFlows = 1'024;
constexpr int kExpiredAtOnce = 4;  // of each queue and packet, so that no packet waits for a sweep
constexpr std::size_t kLineBytes = 64, kAttachmentLines = 4;  // of the processor's cache
constexpr int kAgedAtOnce = 16;  // flows at the old end of a queue that turn out to be younger

std::uint64_t mix(std::uint64_t value) {  // the finaliser of splitmix64 (Steele, Lea, Flood 2014)
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

std::uint64_t hash_end(std::uint64_t seed, const Address& address, std::uint16_t port) {
  return mix(mix(seed ^ address.low() ^ std::uint64_t{port} << 48) + address.high());
}

// The same whichever end stands first.
std::uint64_t hash_ends(std::uint64_t seed, const Address& a, std::uint16_t a_port, const Address& b,
                        std::uint16_t b_port) {
  return hash_end(seed, a, a_port) + hash_end(seed, b, b_port);
}

}  // namespace

FlowTable::FlowTable(FlowLimits limits, std::uint64_t seed, Goodbye goodbye)
    : limits_(limits), seed_(seed), goodbye_(std::move(goodbye)) {
  flows_.reserve(kFirstFlows);
  buckets_.resize(kFirstFlows * 2);
  clear();
}

std::uint64_t FlowTable::hash(const Packet& packet) const {
  return hash_ends(seed_, packet.source, packet.source_port, packet.destination, packet.destination_port) +
         packet.protocol;
}

std::uint32_t FlowTable::bucket_of(const Flow& flow) const {
  return place_of(hash_ends(seed_, flow.first, flow.first_port, flow.second, flow.second_port) + flow.protocol);
}

void FlowTable::fetch_flow(std::uint64_t hash) const {
  const Flow& flow = flows_[buckets_[place_of(hash)]];
  __builtin_prefetch(&flow);
  __builtin_prefetch(&flow.packets, 1);
}

// Of the first in the bucket, which is nearly always the one.
void FlowTable::fetch_attachment(std::uint64_t hash) const {
  const auto* attached = reinterpret_cast<const char*>(flows_[buckets_[place_of(hash)]].attached.get());
  if (attached == nullptr) return;
  for (std::size_t line = 0; line < kAttachmentLines; ++line) __builtin_prefetch(attached + line * kLineBytes);
}

std::uint32_t FlowTable::find(const Packet& packet, std::uint32_t bucket, bool& forward) const {
  for (std::uint32_t at = buckets_[bucket]; at != 0; at = flows_[at].next_in_bucket) {
    const Flow& flow = flows_[at];
    if (flow.protocol != packet.protocol) continue;
    forward = flow.first_port == packet.source_port && flow.second_port == packet.destination_port &&
              flow.first == packet.source && flow.second == packet.destination;
    if (forward) return at;
    if (flow.first_port == packet.destination_port && flow.second_port == packet.source_port &&
        flow.first == packet.destination && flow.second == packet.source)
      return at;
  }
  return 0;
}

void FlowTable::unlink(Flow& flow) {
  flows_[flow.newer].older = flow.older;
  flows_[flow.older].newer = flow.newer;
}

void FlowTable::link_newest(std::uint32_t at) {
  Flow& flow = flows_[at];
  flow.newer = flow.queue, flow.older = flows_[flow.queue].older;
  flows_[flow.older].newer = at;
  flows_[flow.queue].older = at;
  flow.queued_ns = flow.last_ns;
}

// Puts a flow to the end of the queue that it belongs to, when it is worth the way.
void FlowTable::age(std::uint32_t at) {
  Flow& flow = flows_[at];
  const std::uint8_t queue = flow.protocol != kTcp ? kDatagrams : flow.is_closed() ? kClosed : kConnections;
  if (queue == flow.queue && flow.last_ns - flow.queued_ns < kAgeStep.count()) return;
  unlink(flow);
  flow.queue = queue;
  link_newest(at);
}

Nanoseconds FlowTable::idle_of(std::uint8_t queue) const {
  if (queue == kClosed) return limits_.closed_idle;
  return queue == kDatagrams ? limits_.udp_idle : limits_.tcp_idle;
}

// 0 when the queue is empty. One that was seen since it was queued goes to the end again.
std::uint32_t FlowTable::oldest_of(std::uint8_t queue) {
  for (int tries = 0; tries < kAgedAtOnce; ++tries) {
    const std::uint32_t at = flows_[queue].newer;
    if (at == queue) return 0;
    Flow& flow = flows_[at];
    if (flow.last_ns == flow.queued_ns) return at;
    unlink(flow);
    link_newest(at);
  }
  return flows_[queue].newer;
}

// Of all queues; closed connections are given up first.
std::uint32_t FlowTable::oldest() {
  if (const std::uint32_t closed = oldest_of(kClosed); closed != 0) return closed;
  const std::uint32_t datagram = oldest_of(kDatagrams), connection = oldest_of(kConnections);
  if (datagram == 0 || connection == 0) return std::max(datagram, connection);
  return flows_[datagram].last_ns < flows_[connection].last_ns ? datagram : connection;
}

void FlowTable::remove(std::uint32_t at) {
  Flow& flow = flows_[at];
  goodbye_(flow);
  std::uint32_t* place = &buckets_[bucket_of(flow)];
  while (*place != at) place = &flows_[*place].next_in_bucket;
  *place = flow.next_in_bucket;
  unlink(flow);
  flow = Flow{};
  free_.push_back(at);
  --used_;
}

void FlowTable::expire(std::int64_t now_ns) {
  for (std::uint8_t queue = 0; queue < kQueues; ++queue) {
    for (int i = 0; i < kExpiredAtOnce; ++i) {
      const std::uint32_t first = flows_[queue].newer;
      if (first == queue || now_ns - flows_[first].queued_ns < idle_of(queue).count()) break;
      const std::uint32_t at = oldest_of(queue);
      if (now_ns - flows_[at].last_ns < idle_of(queue).count()) break;
      remove(at);
    }
  }
}

std::uint32_t FlowTable::create(const Packet& packet, std::uint32_t bucket) {
  if (used_ >= limits_.flows_max) {
    remove(oldest());
    ++evicted_;
  }
  std::uint32_t at = 0;
  if (!free_.empty()) {
    at = free_.back();
    free_.pop_back();
  } else {
    at = static_cast<std::uint32_t>(flows_.size());
    flows_.emplace_back();
  }
  Flow& flow = flows_[at];
  flow.first = packet.source, flow.second = packet.destination;
  flow.first_port = packet.source_port, flow.second_port = packet.destination_port;
  flow.protocol = packet.protocol, flow.vlan = packet.vlan;
  flow.first_ns = flow.last_ns = packet.at.nanoseconds, flow.in_use = true;
  flow.queue = packet.protocol == kTcp ? kConnections : kDatagrams;
  // Joined in the middle: servers listen on the lower port, nearly always.
  const bool starts = packet.protocol == kTcp && (packet.tcp_flags & kSyn) != 0;
  flow.second_is_client = starts ? (packet.tcp_flags & kAck) != 0 : packet.source_port < packet.destination_port;
  flow.next_in_bucket = buckets_[bucket];
  buckets_[bucket] = at;
  link_newest(at);
  ++used_, ++seen_;
  return at;
}

void FlowTable::note_flags(Flow& flow, const Packet& packet, bool forward) {
  const bool syn = (packet.tcp_flags & kSyn) != 0, ack = (packet.tcp_flags & kAck) != 0;
  if (syn && !ack) flow.syn = true, flow.second_is_client = !forward;
  if (syn && ack) flow.syn_ack = true, flow.second_is_client = forward;
  if (!syn && ack && flow.syn && flow.syn_ack && forward != flow.second_is_client) flow.established = true;
  if ((packet.tcp_flags & kFin) != 0) forward ? flow.fin_first = true : flow.fin_second = true;
  if ((packet.tcp_flags & kRst) != 0) flow.reset = true;
  else if (packet.payload_bytes > 0) flow.reset = false;  // it goes on: the reset was somebody else's
}

void FlowTable::count(Flow& flow, const Packet& packet, bool forward) {
  flow.last_ns = std::max(flow.last_ns, packet.at.nanoseconds);
  ++flow.packets[forward ? 0 : 1];
  flow.bytes[forward ? 0 : 1] += packet.payload_bytes;
  if (packet.protocol == kTcp) note_flags(flow, packet, forward);
}

void FlowTable::grow() {
  std::ranges::fill(buckets_, 0);
  buckets_.resize(buckets_.size() * 4);
  for (std::uint32_t at = kQueues; at < flows_.size(); ++at) {
    if (!flows_[at].in_use) continue;
    std::uint32_t& first = buckets_[bucket_of(flows_[at])];
    flows_[at].next_in_bucket = std::exchange(first, at);
  }
}

Flow& FlowTable::see(const Packet& packet, std::uint64_t hash, mining::Side& side) {
  expire(packet.at.nanoseconds);
  if (used_ * 2 >= buckets_.size() && buckets_.size() < limits_.flows_max * 2) grow();
  const std::uint32_t bucket = place_of(hash);
  bool forward = false;
  std::uint32_t at = find(packet, bucket, forward);
  const bool opens = packet.protocol == kTcp && (packet.tcp_flags & (kSyn | kAck)) == kSyn;
  if (at != 0 && opens && flows_[at].is_closed()) {
    remove(at);
    at = 0;
  }
  if (at == 0) {
    at = create(packet, bucket);
    forward = true;
  }
  Flow& flow = flows_[at];
  count(flow, packet, forward);
  age(at);
  side = forward != flow.second_is_client ? mining::Side::client : mining::Side::server;
  return flow;
}

void FlowTable::finish() {
  for (std::uint8_t queue = 0; queue < kQueues; ++queue) {
    for (std::uint32_t at = flows_[queue].newer; at != queue; at = flows_[at].newer) {
      goodbye_(flows_[at]);
      flows_[at].attached.reset();
    }
  }
  clear();
}

void FlowTable::clear() {
  flows_.clear();
  flows_.resize(kQueues);
  for (std::uint8_t queue = 0; queue < kQueues; ++queue) flows_[queue].newer = flows_[queue].older = queue;
  std::ranges::fill(buckets_, 0);
  free_.clear();
  used_ = 0;
}

}  // namespace davy::network

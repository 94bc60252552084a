#include "network/behaviour/host_watch.h"

#include <algorithm>

namespace davy::network::behaviour {
namespace {

constexpr std::uint16_t kDns = 53, kNtp = 123, kMulticastDns = 5353;  // regular by their nature

const char* name_of_protocol(std::uint8_t protocol) { return protocol == kTcp ? "tcp" : "udp"; }

bool is_brief(const Flow& flow) {
  return flow.protocol == kTcp && flow.established && flow.bytes[0] + flow.bytes[1] <= kBriefBytesMax &&
         flow.last_ns - flow.first_ns <= Nanoseconds(kBriefFor).count();
}

}  // namespace

HostWatch::Host* HostWatch::host(const Address& address, std::uint16_t vlan) {
  if (!is_local(address)) return nullptr;
  if (const auto at = hosts_.find(address); at != hosts_.end()) return &at->second;
  if (hosts_.size() == kHostsMax) {
    ++left_out_;
    return nullptr;
  }
  Host& out = hosts_[address];
  out.vlan = vlan;
  return &out;
}

void HostWatch::move_to(Timestamp at) {
  const std::int64_t window = at.nanoseconds - at.nanoseconds % Nanoseconds(kWindow).count();
  if (window <= window_ns_) return;
  close_window();
  window_ns_ = window;
}

void HostWatch::flow_began(const Flow& flow, Timestamp at) {
  move_to(at);
  Host* client = host(flow.client(), flow.vlan);
  if (client == nullptr) return;
  ++client->flows;
  client->peers.add(HashOfAddress()(flow.server()));
  const std::uint16_t port = flow.server_port();
  if (port == kDns || port == kNtp || port == kMulticastDns || is_local(flow.server())) return;
  const auto rhythm = contacts_.see({flow.client(), flow.server(), port, flow.protocol}, at);
  if (!rhythm) return;
  sink_->accept({at, model::ContactsSeen{.client = to_text(flow.client()),
                                         .server = to_text(flow.server()),
                                         .port = port,
                                         .protocol = name_of_protocol(flow.protocol),
                                         .contacts = rhythm->contacts,
                                         .gap_seconds = rhythm->gap_seconds,
                                         .gap_spread = rhythm->gap_spread,
                                         .first_ns = rhythm->first_ns}});
}

void HostWatch::flow_answered(const Flow& flow, Timestamp at) {
  if (!choices_.neighbours || !is_local(flow.client()) || !is_local(flow.server())) return;
  const std::pair key(flow.client(), Server{flow.server(), flow.server_port()});
  if (neighbours_.find(key) != nullptr) return;
  neighbours_.put(key, true, at);
  sink_->accept({at, model::NeighboursSeen{.flow = {.protocol = name_of_protocol(flow.protocol),
                                                    .client = to_text(flow.client()),
                                                    .client_port = flow.client_port(),
                                                    .server = to_text(flow.server()),
                                                    .server_port = flow.server_port(),
                                                    .first_ns = flow.first_ns},
                                           .vlan = flow.vlan}});
}

void HostWatch::flow_ended(const Flow& flow) {
  const std::size_t client_side = flow.second_is_client ? 1 : 0;
  for (const std::size_t side : {client_side, 1 - client_side}) {
    const Address& self = side == 0 ? flow.first : flow.second;
    const Address& other = side == 0 ? flow.second : flow.first;
    if (flow.bytes[side] == 0 && side != client_side) continue;
    Host* one = host(self, flow.vlan);
    if (one == nullptr) continue;
    one->bytes_sent += flow.bytes[side];
    one->sent.add(other, flow.bytes[side]);
    if (side != client_side) continue;
    if (flow.packets[1 - side] == 0) ++one->unanswered;
    if (is_brief(flow)) one->brief.add({flow.server(), flow.server_port()}, 1);
  }
}

model::HostActivity HostWatch::activity_of(const Address& address, const Host& host) const {
  model::HostActivity out{.address = to_text(address), .vlan = host.vlan, .from_ns = window_ns_};
  out.flows = host.flows, out.unanswered = host.unanswered, out.peers = host.peers.count();
  out.bytes_sent = host.bytes_sent;
  if (const auto& most = host.brief.largest(); most.sum > 0) {
    out.brief = most.sum;
    out.brief_server = to_text(most.key.address), out.brief_port = most.key.port;
  }
  if (const auto& most = host.sent.largest(); most.sum > 0)
    out.largest_peer = to_text(most.key), out.largest_bytes = most.sum;
  return out;
}

// In order of addresses, so that the same traffic always gives the same recording.
void HostWatch::close_window() {
  std::vector<std::pair<Address, const Host*>> order;
  for (const auto& [address, host] : hosts_) order.emplace_back(address, &host);
  std::ranges::sort(order, {}, &std::pair<Address, const Host*>::first);
  const Timestamp end{window_ns_ + Nanoseconds(kWindow).count()};
  for (const auto& [address, host] : order) sink_->accept({end, activity_of(address, *host)});
  hosts_.clear();
}

}  // namespace davy::network::behaviour

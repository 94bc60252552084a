// Counts what each local host does, window by window, from the beginnings and ends of its flows.
//
// Deterministic; not thread-safe. Memory: kHostsMax hosts of about a kilobyte, kPairsMax pairs; hosts that are over are
// counted in left_out(). `sink` must outlive it.
//
//   HostWatch watch({.local = networks, .neighbours = true}, sink);
//   watch.flow_began(flow, at), watch.flow_answered(flow, at), watch.flow_ended(flow);
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "model/observation.h"
#include "network/behaviour/contact_times.h"
#include "network/behaviour/host_counts.h"
#include "network/flow_table.h"
#include "network/network_range.h"
#include "network/recent.h"

namespace davy::network::behaviour {

struct WatchChoices {
  std::vector<NetworkRange> local;  // beside private addresses
  bool neighbours = false;          // tell who talks to whom inside
};

class HostWatch {
 public:
  HostWatch(WatchChoices choices, model::ObservationSink& sink) : choices_(std::move(choices)), sink_(&sink) {}

  void flow_began(const Flow& flow, Timestamp at);
  void flow_answered(const Flow& flow, Timestamp at);
  void flow_ended(const Flow& flow);
  // It is so late: a window that is over is told.
  void move_to(Timestamp at);
  // The capture has ended.
  void finish() { close_window(); }

  std::uint64_t left_out() const { return left_out_; }

 private:
  struct Server {
    Address address;
    std::uint16_t port = 0;
    friend auto operator<=>(const Server&, const Server&) = default;
    friend bool operator==(const Server&, const Server&) = default;
  };
  struct Host {
    std::uint16_t vlan = 0;
    std::uint64_t flows = 0, unanswered = 0, bytes_sent = 0;
    Distinct peers;
    Largest<Server> brief;
    Largest<Address> sent;
  };

  bool is_local(const Address& address) const { return is_private(address) || any_contains(choices_.local, address); }
  Host* host(const Address& address, std::uint16_t vlan);
  void close_window();
  model::HostActivity activity_of(const Address& address, const Host& host) const;

  WatchChoices choices_;
  model::ObservationSink* sink_;
  std::int64_t window_ns_ = 0;  // beginning of the window; 0 before the first flow
  std::unordered_map<Address, Host, HashOfAddress> hosts_;
  ContactTimes contacts_;
  Recent<std::pair<Address, Server>, bool> neighbours_{kPairsMax, kPairsSpan};
  std::uint64_t left_out_ = 0;
};

}  // namespace davy::network::behaviour

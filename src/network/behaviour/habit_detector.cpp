#include "network/behaviour/habit_detector.h"

#include <cmath>

namespace davy::network::behaviour {
namespace {

void merge(const model::HostActivity& more, model::HostActivity& window) {
  window.flows += more.flows, window.unanswered += more.unanswered, window.peers += more.peers;
  window.bytes_sent += more.bytes_sent;
  if (more.brief > window.brief)
    window.brief = more.brief, window.brief_server = more.brief_server, window.brief_port = more.brief_port;
  if (more.largest_bytes > window.largest_bytes)
    window.largest_bytes = more.largest_bytes, window.largest_peer = more.largest_peer;
}

bool is_service(const Declared& declared, const std::string& text) {
  const auto address = parse_address(text);
  return address && declared.is_service(*address);
}

}  // namespace

// What is declared is learnt like the rest, so that it does not become news when the declaration goes.
void HabitDetector::judge(Habits& habits, const Declared& declared, model::EvidenceSink& sink) {
  const model::HostActivity& window = habits.window;
  const bool excused = is_service(declared, window.address);
  const bool known = window.from_ns - habits.since_ns >= kWindowsToLearn * Nanoseconds(kWindow).count();
  const auto add = [&](const char* kind, double value, const Baseline& usual, const std::string& peer) {
    if (excused || is_service(declared, peer)) return;
    const model::DeviceSubject host{.address = window.address, .vlan = window.vlan};
    Json detail = Json::object();
    detail.set("host", window.address).set("count", std::round(value)).set("most", std::round(usual.most()));
    detail.set("peer", peer).set("port", std::uint64_t{window.brief_port}).set("unanswered", window.unanswered);
    detail.set("from", to_rfc3339({window.from_ns}));
    sink.add_about(host, {.kind = kind, .at = {window.from_ns}, .detail = std::move(detail)});
  };
  const auto check = [&](const char* kind, Baseline& usual, std::uint64_t value, double floor,
                         const std::string& peer) {
    const auto amount = static_cast<double>(value);
    if (usual.is_unusual(amount, floor, known)) add(kind, amount, usual, peer);
  };
  check("habit.fan_out", habits.peers, window.peers, kPeersFloor, "");
  check("habit.brief_connections", habits.brief, window.brief, kBriefFloor, window.brief_server);
  check("habit.large_transfer", habits.bytes, window.largest_bytes, kBytesFloor, window.largest_peer);
}

void HabitDetector::see(const model::HostActivity& seen, const Declared& declared, model::EvidenceSink& sink) {
  auto at = hosts_.find(seen.address);
  if (at == hosts_.end()) {
    if (hosts_.size() >= kHostsMax) return;
    at = hosts_.emplace(seen.address, Habits{.since_ns = seen.from_ns, .window = seen}).first;
    return;
  }
  Habits& habits = at->second;
  if (habits.window.from_ns == seen.from_ns) return merge(seen, habits.window);
  judge(habits, declared, sink);
  habits.window = seen;
}

void HabitDetector::observe(const model::Observation& observation, const Declared& declared,
                            model::EvidenceSink& sink) {
  if (const auto* seen = std::get_if<model::HostActivity>(&observation.value)) see(*seen, declared, sink);
  if (!std::holds_alternative<model::CaptureEnd>(observation.value)) return;
  for (auto& [address, habits] : hosts_)
    if (habits.window.from_ns != 0) judge(habits, declared, sink), habits.window = {};
}

}  // namespace davy::network::behaviour

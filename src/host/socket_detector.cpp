#include "host/socket_detector.h"

#include <algorithm>
#include <cmath>

#include "host/evidence_parts.h"

namespace davy::host {
namespace {

model::FlowSubject subject_of(const model::SocketSeen& seen) {
  return {.protocol = seen.protocol,
          .source = seen.local,
          .source_port = seen.local_port,
          .destination = seen.remote,
          .destination_port = seen.remote_port,
          .bytes = seen.bytes_sent + seen.bytes_received,
          .server_name = seen.server_name};
}

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

Json detail_of(const model::SocketSeen& seen) {
  Json out = Json::object();
  out.set("remote", seen.remote)
      .set("port", std::uint64_t{seen.remote_port})
      .set("bytes", seen.bytes_sent + seen.bytes_received);
  if (!seen.server_name.empty()) out.set("name", seen.server_name);
  return out;
}

void add_on_flow(const char* kind, const model::SocketSeen& seen, Json detail, Timestamp at,
                 model::EvidenceSink& sink) {
  const model::FlowSubject flow = subject_of(seen);
  const model::SubjectKey key = model::key_of(model::Subject(flow));
  sink.describe(flow);
  sink.link({key_of(seen.process), key, "socket"});
  sink.add(evidence(kind, key, at, std::move(detail)));
}

bool calls_the_system_little(const model::ProcessLoad& load) {
  const double cpu_seconds = static_cast<double>(load.cpu_ns) / 1e9;
  if (static_cast<double>(load.voluntary_switches) > kThinSwitchesPerCpuSecond * cpu_seconds + 5.0) return false;
  const double cores =
      static_cast<double>(load.cpu_ns) / static_cast<double>(std::max<std::uint64_t>(load.interval_ns, 1));
  return !load.has_io_calls || static_cast<double>(load.io_calls_per_second) <= kThinIoPerCpuSecond * cores + 5.0;
}

}  // namespace

void SocketDetector::see(const model::SocketSeen& seen, Timestamp at, model::EvidenceSink& sink) {
  if (seen.state != "established" && seen.state != "syn_sent") return;
  auto match = knowledge_->find_name(seen.server_name.empty() ? seen.remote : seen.server_name, seen.remote_port);
  if (!match && !seen.server_name.empty()) match = knowledge_->find_name(seen.remote, seen.remote_port);
  if (match && match->is_pool()) {
    Json detail = detail_of(seen);
    detail.set("entry", match->entry).set("pool", match->entry + ":" + std::to_string(seen.remote_port));
    add_on_flow("flow.known_pool", seen, std::move(detail), at, sink);
  }
  if (const auto port = knowledge_->find_port(seen.remote_port); port && !is_loopback(seen.remote)) {
    Json detail = detail_of(seen);
    detail.set("family", port->family);
    add_on_flow("flow.pool_port", seen, std::move(detail), at, sink);
  }
  if (seen.state != "established" || kept_ == kSocketsKeptMax) return;
  ++kept_;
  flows_[seen.process].push_back(seen);
}

void SocketDetector::conclude(const model::ProcessLoad& load, Timestamp at, model::EvidenceSink& sink) {
  const auto flows = flows_.find(load.process);
  if (flows == flows_.end() || flows->second.size() > kThinFlowsMax) return;
  if (load.lifetime_cpu_ns < kThinCpuNsMin || load.cpu_ns == 0 || !calls_the_system_little(load)) return;
  const std::uint64_t bytes_max = kThinBytesAtStart + load.lifetime_cpu_ns / 1'000'000'000 * kThinBytesPerCpuSecond;
  for (const model::SocketSeen& seen : flows->second) {
    const std::uint64_t bytes = seen.bytes_sent + seen.bytes_received;
    if (seen.bytes_sent == 0 || seen.bytes_received == 0 || bytes > bytes_max) continue;
    Json detail = detail_of(seen);
    detail.set("cpu_seconds", std::round(static_cast<double>(load.lifetime_cpu_ns) / 1e8) / 10.0);
    add_on_flow("flow.thin_long", seen, std::move(detail), at, sink);
  }
}

void SocketDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* socket = std::get_if<model::SocketSeen>(&observation.value)) see(*socket, observation.at, sink);
  if (const auto* load = std::get_if<model::ProcessLoad>(&observation.value)) conclude(*load, observation.at, sink);
}

}  // namespace davy::host

// Frames in, observations out: decodes, keeps flows, reads those that may be mining, and says what it saw of them.
//
// Deterministic for the same frames and seed. Not thread-safe. Memory: TrafficLimits. `knowledge` serves only to leave
// out what intelligence does not list, so that a busy line is not reported name by name; it must outlive this.
//
//   TrafficAnalyzer traffic({}, seed, knowledge, sink);
//   CaptureParser parser(traffic);
#pragma once

#include <array>

#include "intel/knowledge.h"
#include "model/observation.h"
#include "network/behaviour/devices.h"
#include "network/behaviour/host_watch.h"
#include "network/capture_parser.h"
#include "network/flow_table.h"
#include "network/names/name_watch.h"

namespace davy::network {

class FlowAnalysis;
struct MinerService;

inline constexpr std::uint8_t kLooksMax = 8;              // payloads of a flow that are tried for a beginning
inline constexpr std::chrono::seconds kReportOverlap{1};  // frames may reach the analyzer this late

struct TrafficLimits {
  FlowLimits flows;
  std::size_t analyses_max = 50'000;  // flows read at once
  behaviour::WatchChoices behaviour;
};

class TrafficAnalyzer final : public FrameSink {
 public:
  TrafficAnalyzer(const TrafficLimits& limits, std::uint64_t seed, const intel::Knowledge& knowledge,
                  model::ObservationSink& sink);
  ~TrafficAnalyzer() override;

  void frame(const Frame& frame) override { frames({&frame, 1}); }
  void frames(std::span<const Frame> frames) override;
  // Says what is known so far of the flows that mine and had packets since the last report, without ending them (live
  // captures). `now` is on the clock of the frames.
  void report(Timestamp now);
  // The capture has ended: all flows end.
  void finish();

  const model::CaptureEnd& counts() const { return counts_; }

 private:
  struct Waiting {
    Packet packet;
    std::uint64_t hash = 0;
  };
  bool decode(const Frame& frame, Packet& out);
  void see_waiting(std::size_t count);
  void transport(const Packet& packet, std::uint64_t hash);
  void read_payload(Flow& flow, mining::Side side, const Packet& packet);
  void see_datagram(Flow& flow, mining::Side side, const Packet& packet);
  void read_dns(Flow& flow, mining::Side side, const Packet& packet);
  void see_quic(Flow& flow, const Packet& packet);
  bool attach(Flow& flow, std::unique_ptr<FlowAttachment> attachment);
  void say_name(const Flow& flow, const std::string& name, const char* source, Timestamp at);
  void see_connection(const Flow& flow);
  void see_text_answer(const Flow& flow, mining::Side side, const Packet& packet);
  void say_service(const Flow& flow, const MinerService& service, Timestamp at);
  void say(const Flow& flow, const FlowAnalysis& analysis);
  void goodbye(Flow& flow);
  void drop(Flow& flow);

  TrafficLimits limits_;
  model::ObservationSink& sink_;
  NameWatch names_;
  behaviour::HostWatch hosts_;
  behaviour::DeviceWatch devices_;
  PacketReader reader_;
  FlowTable table_;
  std::array<Waiting, kFramesAtOnce> waiting_;  // packets whose flows are on their way into the cache
  std::size_t analyses_ = 0;
  Timestamp reported_;
  model::CaptureEnd counts_;
};

}  // namespace davy::network

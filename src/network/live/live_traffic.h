// Live traffic from interfaces to observations: rings, and for each group of them a thread with a confined worker.
//
// A lane is one thread: it copies frames from its ring of every interface into the window of its CaptureExaminer,
// unparsed, hands the window over at least every kHandOver, and asks every kReportEvery what mines so far. All lanes
// put observations into one queue for next(). A lane that finds the queue full waits; the kernel then counts what finds
// no room in the ring. A worker that dies loses its flows: that is counted, told once a lane, and a fresh one goes on.
//
// One thread calls open() to next(); open() starts the workers, so that it must live as long as this. Limits: those of
// TrafficLimits in all, kLanesMax, kBatchesMax. Errors of open(): those of PacketRing::open and CaptureExaminer::start.
//
//   LiveTraffic live = TRY(LiveTraffic::open(knowledge, {.interfaces = {"eth0"}}));
//   TRY(live.start());
//   while (!live.ended()) for (auto& observation : live.next(100ms)) sink.accept(std::move(observation));
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "intel/knowledge.h"
#include "model/observation.h"
#include "network/live/live_capture.h"
#include "network/traffic.h"

namespace davy::network {

inline constexpr std::size_t kLanesMax = 16;
inline constexpr std::size_t kBatchesMax = 16;  // answers that wait for next()
inline constexpr std::chrono::milliseconds kHandOver{100};
inline constexpr std::chrono::milliseconds kReportEvery{1'000};

struct LiveChoices {
  std::vector<std::string> interfaces;
  TrafficLimits traffic;  // of all lanes together
  RingOptions rings;
  std::size_t lanes = 0;  // 0: one for each processor, at most kLanesMax
  std::uint64_t seed = 0;
};

class LiveTraffic {
 public:
  static Result<LiveTraffic> open(const intel::Knowledge& knowledge, const LiveChoices& choices);
  LiveTraffic(LiveTraffic&&) noexcept;
  LiveTraffic& operator=(LiveTraffic&&) = delete;
  ~LiveTraffic();

  // Begins to capture. Nothing that needs a privilege comes after it.
  Status start();
  // No further packets; what the lanes still have is read and comes by next(), with the end of each.
  void stop();

  // What was seen, oldest first; empty when there was nothing within `wait`.
  std::vector<model::Observation> next(std::chrono::milliseconds wait);
  // Every lane has ended and everything was taken.
  bool ended() const;

  std::size_t lanes() const;

 private:
  struct State;
  explicit LiveTraffic(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace davy::network

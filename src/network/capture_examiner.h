// The unprivileged process that reads captures: it is handed the bytes of a file block by block, keeps flows and
// conversations, and answers with observations.
//
// Not thread-safe. Start it before anything secret is in memory. A worker that dies loses what it knew of the capture:
// that is an error of the call, and the next file begins with a fresh one. Limits: those of TrafficLimits, and
// kAnswerObservationsMax observations an answer (more wait for the next).
//
//   CaptureExaminer examiner = TRY(CaptureExaminer::start(knowledge, {}, seed));
//   const std::size_t got = read(file, examiner.window());
//   for (auto& observation : TRY(examiner.read(got))) sink.accept(std::move(observation));
//   for (auto& observation : TRY(examiner.finish())) sink.accept(std::move(observation));
#pragma once

#include <span>
#include <vector>

#include "base/worker.h"
#include "network/flow_extractor.h"
#include "network/traffic.h"

namespace davy::network {

inline constexpr std::size_t kCaptureWindowBytes = 1U << 20;
inline constexpr std::size_t kAnswerObservationsMax = 20'000;
inline constexpr std::chrono::milliseconds kCaptureTimeout{60'000};  // for one block

class CaptureExaminer {
 public:
  // `knowledge` is copied into the worker with the fork and is not needed afterwards.
  static Result<CaptureExaminer> start(const intel::Knowledge& knowledge, const TrafficLimits& limits,
                                       std::uint64_t seed);

  // Where the next bytes of the capture are to be put.
  std::span<std::uint8_t> window() { return worker_.shared(); }

  // The first `bytes` of the window are the next of the capture. Errors: malformed (no capture, or damaged: what came
  // before counts), interrupted (the worker died).
  Result<std::vector<model::Observation>> read(std::size_t bytes);
  // What mines so far, of a capture that goes on (live). Errors: interrupted.
  Result<std::vector<model::Observation>> report(Timestamp now);
  // The capture has ended; what follows is another one. Besides, interrupted when it ended inside a record.
  Result<std::vector<model::Observation>> finish();
  // A second pass for the frames and messages of some flows: after select(), the bytes of the capture again by
  // extract() instead of read(), until finish_extract(). Errors as of read().
  Status select(const std::vector<WantedFlow>& flows);
  Result<std::vector<FlowExtractor::Part>> extract(std::size_t bytes);
  Status finish_extract();

  // The error that read() or finish() met after the observations they gave, if any.
  const std::optional<Error>& damage() const { return damage_; }

  const Worker& worker() const { return worker_; }

 private:
  explicit CaptureExaminer(Worker worker) : worker_(std::move(worker)) {}
  Result<Json> ask(Json request);
  Result<std::vector<model::Observation>> ask_for_observations(const char* what, std::size_t bytes, Timestamp at = {});

  Worker worker_;
  std::optional<Error> damage_;
  std::size_t selected_ = 0;  // flows to extract
};

}  // namespace davy::network

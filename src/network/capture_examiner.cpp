#include "network/capture_examiner.h"

#include <memory>
#include <stdexcept>

namespace davy::network {
namespace {

constexpr std::size_t kWorkerSpareBytes = 512U << 20;  // beside the flow table: conversations and unfinished messages

// The worker's side: one capture at a time.
class CaptureDesk final : public model::ObservationSink {
 public:
  CaptureDesk(const intel::Knowledge& knowledge, const TrafficLimits& limits, std::uint64_t seed)
      : knowledge_(&knowledge), limits_(limits), seed_(seed) {}

  Bytes answer(ByteView request, ByteView shared) {
    const auto json = Json::parse(as_text(request));
    if (!json) throw std::runtime_error("not a request");
    observations_ = Json::array();
    Status done;
    if ((*json)["what"].string_or("") == "data") {
      done = read(shared.subspan(0, std::min<std::size_t>((*json)["bytes"].uint_or(0), shared.size())));
    } else {
      done = finish();
    }
    Json out = Json::object();
    out.set("observations", std::move(observations_));
    if (!done) out.set("error", done.error().message).set("code", static_cast<int>(done.error().code));
    const std::string text = out.dump();
    return Bytes(text.begin(), text.end());
  }

  void accept(model::Observation observation) override {
    if (observations_.items().size() < kAnswerObservationsMax) observations_.push(to_json(observation));
    else ++left_out_;
  }

 private:
  Status read(ByteView bytes) {
    if (!traffic_) {
      traffic_ = std::make_unique<TrafficAnalyzer>(limits_, seed_, *knowledge_, *this);
      parser_ = std::make_unique<CaptureParser>(*traffic_);
    }
    return damaged_ ? Status() : keep(parser_->feed(bytes));
  }

  // After damage the rest of the file is not looked at.
  Status keep(Status status) {
    damaged_ = !status;
    return status;
  }

  Status finish() {
    if (!traffic_) return fail(ErrorCode::malformed, "the capture is empty");
    const Status whole = damaged_ ? Status() : parser_->finish();
    traffic_->finish();
    model::CaptureEnd end = traffic_->counts();
    end.skipped += std::exchange(left_out_, 0);
    observations_.push(to_json(model::Observation{{}, end}));
    parser_.reset(), traffic_.reset();
    damaged_ = false;
    return whole;
  }

  const intel::Knowledge* knowledge_;
  TrafficLimits limits_;
  std::uint64_t seed_;
  std::unique_ptr<TrafficAnalyzer> traffic_;
  std::unique_ptr<CaptureParser> parser_;
  Json observations_ = Json::array();
  std::uint64_t left_out_ = 0;
  bool damaged_ = false;
};

}  // namespace

Result<CaptureExaminer> CaptureExaminer::start(const intel::Knowledge& knowledge, const TrafficLimits& limits,
                                               std::uint64_t seed) {
  const auto desk = std::make_shared<CaptureDesk>(knowledge, limits, seed);
  WorkerLimits confine;
  confine.shared_bytes = kCaptureWindowBytes;
  confine.cpu = kCaptureTimeout;
  confine.message_bytes_max = 64U << 20;
  confine.address_space_bytes = limits.flows.flows_max * 2 * sizeof(Flow) + kWorkerSpareBytes;
  return CaptureExaminer(TRY(Worker::start(
      "capture", confine, [desk](ByteView request, ByteView shared) { return desk->answer(request, shared); })));
}

Result<std::vector<model::Observation>> CaptureExaminer::ask(const char* what, std::size_t bytes) {
  damage_.reset();
  Json request = Json::object();
  request.set("what", what).set("bytes", static_cast<std::uint64_t>(bytes));
  const std::string text = request.dump();
  const Bytes reply = TRY(worker_.call(as_bytes(text), kCaptureTimeout));
  const Json json = TRY(Json::parse(as_text(reply)));
  std::vector<model::Observation> out;
  for (const Json& item : json["observations"].items()) out.push_back(TRY(model::parse_observation(item)));
  if (!json["error"].is_null())
    damage_ = Error{static_cast<ErrorCode>(json["code"].int_or(0)), std::string(json["error"].string_or("")), ""};
  return out;
}

Result<std::vector<model::Observation>> CaptureExaminer::read(std::size_t bytes) { return ask("data", bytes); }
Result<std::vector<model::Observation>> CaptureExaminer::finish() { return ask("finish", 0); }

}  // namespace davy::network

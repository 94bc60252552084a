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
    const std::string_view what = (*json)["what"].string_or("");
    const ByteView bytes = shared.subspan(0, std::min<std::size_t>((*json)["bytes"].uint_or(0), shared.size()));
    Json out = Json::object();
    const Status done = what == "data"     ? read(bytes)
                        : what == "finish" ? finish()
                        : what == "report" ? report({(*json)["at"].int_or(0)})
                                           : follow(what, *json, bytes, out);
    out.set("observations", std::exchange(observations_, Json::array()));
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

  Status report(Timestamp now) {
    if (traffic_) traffic_->report(now);
    return {};
  }

  // After damage the rest of the file is not looked at.
  Status keep(Status status) {
    damaged_ = !status;
    return status;
  }

  // The second pass.
  Status follow(std::string_view what, const Json& request, ByteView bytes, Json& out) {
    if (what == "select") return select(request["flows"]);
    if (!extractor_) return fail(ErrorCode::invalid_argument, "nothing was selected");
    if (what == "finish_extract") {
      parser_.reset(), extractor_.reset();
      return {};
    }
    const Status fed = parser_->feed(bytes);
    Json parts = Json::array();
    for (const FlowExtractor::Part& part : extractor_->take()) {
      Json item = Json::object();
      item.set("flow", static_cast<std::uint64_t>(part.flow)).set("capture", to_hex(part.capture));
      item.set("messages", part.messages);
      parts.push(std::move(item));
    }
    out.set("parts", std::move(parts));
    return fed;
  }

  Status select(const Json& flows) {
    std::vector<WantedFlow> wanted;
    for (const Json& item : flows.items()) {
      const auto seen = TRY(model::parse_observation(item));
      if (const auto* flow = std::get_if<model::FlowSeen>(&seen.value)) wanted.push_back({flow->flow, flow->last_ns});
    }
    extractor_ = std::make_unique<FlowExtractor>(wanted);
    parser_ = std::make_unique<CaptureParser>(*extractor_);
    return {};
  }

  Status finish() {
    if (!traffic_) return fail(ErrorCode::malformed, "the capture is empty");
    const Status whole = damaged_ ? Status() : parser_->finish();
    traffic_->finish();
    model::CaptureEnd end = traffic_->counts();
    end.unread += std::exchange(left_out_, 0);
    observations_.push(to_json(model::Observation{{}, end}));
    parser_.reset(), traffic_.reset();
    damaged_ = false;
    return whole;
  }

  const intel::Knowledge* knowledge_;
  TrafficLimits limits_;
  std::uint64_t seed_;
  std::unique_ptr<TrafficAnalyzer> traffic_;
  std::unique_ptr<FlowExtractor> extractor_;
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

Result<Json> CaptureExaminer::ask(Json request) {
  damage_.reset();
  const std::string text = request.dump();
  const Bytes reply = TRY(worker_.call(as_bytes(text), kCaptureTimeout));
  Json json = TRY(Json::parse(as_text(reply)));
  if (!json["error"].is_null())
    damage_ = Error{static_cast<ErrorCode>(json["code"].int_or(0)), std::string(json["error"].string_or("")), ""};
  return json;
}

Result<std::vector<model::Observation>> CaptureExaminer::ask_for_observations(const char* what, std::size_t bytes,
                                                                              Timestamp at) {
  Json request = Json::object();
  request.set("what", what).set("bytes", static_cast<std::uint64_t>(bytes)).set("at", at.nanoseconds);
  const Json json = TRY(ask(std::move(request)));
  std::vector<model::Observation> out;
  for (const Json& item : json["observations"].items()) out.push_back(TRY(model::parse_observation(item)));
  return out;
}

Result<std::vector<model::Observation>> CaptureExaminer::read(std::size_t bytes) {
  return ask_for_observations("data", bytes);
}
Result<std::vector<model::Observation>> CaptureExaminer::finish() { return ask_for_observations("finish", 0); }
Result<std::vector<model::Observation>> CaptureExaminer::report(Timestamp now) {
  return ask_for_observations("report", 0, now);
}

Status CaptureExaminer::select(const std::vector<WantedFlow>& flows) {
  Json list = Json::array();
  for (const WantedFlow& wanted : flows)
    list.push(to_json(model::Observation{{}, model::FlowSeen{.flow = wanted.flow, .last_ns = wanted.last_ns}}));
  Json request = Json::object();
  request.set("what", "select").set("flows", std::move(list));
  TRY(ask(std::move(request)));
  selected_ = flows.size();
  return {};
}

Result<std::vector<FlowExtractor::Part>> CaptureExaminer::extract(std::size_t bytes) {
  Json request = Json::object();
  request.set("what", "extract").set("bytes", static_cast<std::uint64_t>(bytes));
  const Json json = TRY(ask(std::move(request)));
  std::vector<FlowExtractor::Part> out;
  for (const Json& item : json["parts"].items()) {
    const std::uint64_t flow = item["flow"].uint_or(0);
    if (flow >= selected_) return fail(ErrorCode::malformed, "the worker sent a part of a flow that nobody chose");
    Bytes capture = TRY(from_hex(item["capture"].string_or("")));
    out.push_back({flow, std::move(capture), std::string(item["messages"].string_or(""))});
  }
  return out;
}

Status CaptureExaminer::finish_extract() {
  Json request = Json::object();
  request.set("what", "finish_extract");
  TRY(ask(std::move(request)));
  return {};
}

}  // namespace davy::network

#include "network/live/live_traffic.h"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/queue.h"
#include "network/capture_examiner.h"

namespace davy::network {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Observations = std::vector<model::Observation>;
using Batches = BoundedQueue<Observations>;

constexpr std::size_t kRoomLeftMin = 128U << 10;  // less than this, and the window is full
constexpr milliseconds kNap{20};
constexpr Nanoseconds kClosedIdleMax = std::chrono::seconds(2);  // frames come as they pass: stragglers are few
constexpr milliseconds kDrainMax{10'000};                        // for what is in the rings when it is told to stop

// One thread, its worker, and its ring of each interface.
class Lane {
 public:
  Lane(CaptureExaminer examiner, std::vector<PacketRing> rings, Batches& batches)
      : examiner_(std::move(examiner)), rings_(std::move(rings)), batches_(batches) {}

  Status begin() {
    for (PacketRing& ring : rings_) TRY(ring.begin());
    return {};
  }
  void stop() { stopping_ = true; }
  bool ended() const { return ended_; }

  void run() {
    while (!stopping_) step();
    for (PacketRing& ring : rings_) (void)ring.end();  // one that cannot be closed is left after the drain all the same
    const auto until = steady_clock::now() + 2 * kRingBlockTimeout;
    while (steady_clock::now() < until) step();
    for (bool more = true; more && steady_clock::now() < until + kDrainMax;) {
      more = fill();
      hand_over();
    }
    finish();
    ended_ = true;
  }

 private:
  void step() {
    const bool got = fill();
    const auto now = steady_clock::now();
    if (is_full() || now - handed_over_ >= kHandOver) hand_over();
    if (now - reported_ >= kReportEvery) report();
    if (!got) wait();
  }

  bool is_full() { return examiner_.window().size() - used_ < kRoomLeftMin; }

  // True when there was anything.
  bool fill() {
    if (used_ == 0 && !has_header_) used_ = put_capture_header(examiner_.window()), has_header_ = true;
    const std::size_t before = used_;
    for (PacketRing& ring : rings_) {
      const std::uint64_t frames = ring.frames();
      used_ += ring.take(examiner_.window().subspan(used_));
      held_ += ring.frames() - frames;
    }
    return used_ > before;
  }

  void wait() {
    std::vector<pollfd> wanted;
    for (const PacketRing& ring : rings_) wanted.push_back({ring.descriptor(), POLLIN | POLLERR, 0});
    ::poll(wanted.data(), wanted.size(), static_cast<int>(kHandOver.count()));
    for (std::size_t i = 0; i < rings_.size(); ++i)
      if ((wanted[i].revents & POLLERR) != 0 && rings_[i].lost_interface()) told_lost(rings_[i]);
  }

  void told_lost(const PacketRing& ring) {
    if (lost_interface_) return;
    lost_interface_ = true;
    say_off("capture." + ring.interface(), "the network interface went down while it was read");
  }

  void hand_over() {
    handed_over_ = steady_clock::now();
    if (used_ == 0) return;
    auto seen = examiner_.read(used_);
    used_ = 0;
    if (!take(std::move(seen))) lose();
    else read_ += held_;
    held_ = 0;
  }

  void report() {
    reported_ = steady_clock::now();
    hand_over();
    if (!take(examiner_.report(clock_.now()))) lose();
  }

  void finish() {
    auto seen = examiner_.finish();
    if (died(seen) || !seen) lose();
    Observations last = seen ? std::move(*seen) : Observations{};
    if (last.empty() || !std::holds_alternative<model::CaptureEnd>(last.back().value))
      last.push_back({{}, model::CaptureEnd{}});
    auto& end = std::get<model::CaptureEnd>(last.back().value);
    end.packets += before_, end.dropped += lost_frames_;
    for (PacketRing& ring : rings_) end.dropped += ring.counts().dropped;
    put(std::move(last));
  }

  // Since the last time it was asked: in this call, or before it, and then a fresh worker has answered.
  bool died(const Result<Observations>& seen) {
    const int failures = examiner_.worker().failures();
    if (std::exchange(failures_, failures) == failures) return false;
    why_ = seen ? "it was ended from outside" : describe(seen.error());
    return true;
  }

  // False when the worker is lost, or damaged by what it was given.
  bool take(Result<Observations> seen) {
    if (died(seen)) return false;
    if (!seen || examiner_.damage()) why_ = describe(seen ? *examiner_.damage() : seen.error());
    if (!seen) return false;
    const bool whole = !examiner_.damage();
    if (!seen->empty()) put(std::move(*seen));
    return whole;
  }

  // A fresh worker begins with a fresh capture. What the lost one had read was looked at; what it held was not.
  void lose() {
    auto rest = examiner_.finish();  // of one that is damaged and lives; a fresh one knows of no packets
    const bool knows = rest && !rest->empty() && is_counted(rest->back());
    if (knows) put(std::move(*rest));
    else before_ += read_;
    lost_frames_ += held_;
    read_ = held_ = 0;
    has_header_ = false;
    failures_ = examiner_.worker().failures();
    if (std::exchange(lost_worker_, true)) return;
    say_off("capture", "a worker that reads packets was lost, with the flows it knew: " + why_);
  }

  static bool is_counted(const model::Observation& observation) {
    const auto* end = std::get_if<model::CaptureEnd>(&observation.value);
    return end != nullptr && end->packets > 0;
  }

  void say_off(std::string id, const std::string& why) {
    put({{clock_.now(), model::SenseSeen{.id = std::move(id), .on = false, .why = printable(why), .required = true}}});
  }

  // Waits while there is no room, so that what cannot be kept up with is dropped, and counted, by the kernel.
  void put(Observations observations) {
    while (batches_.size() >= kBatchesMax && !batches_.closed()) std::this_thread::sleep_for(kNap);
    (void)batches_.push(std::move(observations));  // refused only when nobody listens any more
  }

  CaptureExaminer examiner_;
  std::vector<PacketRing> rings_;
  Batches& batches_;
  SystemClock clock_;
  std::atomic<bool> stopping_ = false, ended_ = false;
  steady_clock::time_point handed_over_ = steady_clock::now(), reported_ = steady_clock::now();
  std::size_t used_ = 0;           // of the window
  std::uint64_t held_ = 0;         // frames in the window
  std::uint64_t read_ = 0;         // frames that this worker has read
  std::uint64_t before_ = 0;       // that lost ones had read
  std::uint64_t lost_frames_ = 0;  // that went with a lost worker
  bool has_header_ = false, lost_interface_ = false, lost_worker_ = false;
  int failures_ = 0;  // of the worker, that were noticed
  std::string why_;
};

std::size_t lanes_of(const LiveChoices& choices) {
  const std::size_t wanted = choices.lanes != 0 ? choices.lanes : std::thread::hardware_concurrency();
  return std::clamp<std::size_t>(wanted, 1, kLanesMax);
}

TrafficLimits share_of(const TrafficLimits& all, std::size_t lanes) {
  TrafficLimits out = all;
  out.flows.flows_max = std::max<std::size_t>(all.flows.flows_max / lanes, 1);
  out.flows.closed_idle = std::min(out.flows.closed_idle, kClosedIdleMax);
  out.analyses_max = std::max<std::size_t>(all.analyses_max / lanes, 1);
  return out;
}

}  // namespace

struct LiveTraffic::State {
  Batches batches{kBatchesMax + kLanesMax};
  std::vector<std::unique_ptr<Lane>> lanes;
  std::vector<std::thread> threads;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    batches.close();
    for (const auto& lane : lanes) lane->stop();
    for (std::thread& thread : threads) thread.join();
  }
};

LiveTraffic::LiveTraffic(std::unique_ptr<State> state) : state_(std::move(state)) {}
LiveTraffic::LiveTraffic(LiveTraffic&&) noexcept = default;
LiveTraffic::~LiveTraffic() = default;

Result<LiveTraffic> LiveTraffic::open(const intel::Knowledge& knowledge, const LiveChoices& choices) {
  if (choices.interfaces.empty()) return fail(ErrorCode::invalid_argument, "no network interface was named");
  const std::size_t count = lanes_of(choices);
  std::vector<std::vector<PacketRing>> rings(count);
  for (const std::string& interface : choices.interfaces) {
    auto opened = TRY(PacketRing::open(interface, choices.rings, count));
    for (std::size_t i = 0; i < count; ++i) rings[i].push_back(std::move(opened[i]));
  }
  auto state = std::make_unique<State>();
  for (std::size_t i = 0; i < count; ++i) {
    auto examiner = TRY(CaptureExaminer::start(knowledge, share_of(choices.traffic, count), choices.seed));
    state->lanes.push_back(std::make_unique<Lane>(std::move(examiner), std::move(rings[i]), state->batches));
  }
  return LiveTraffic(std::move(state));
}

Status LiveTraffic::start() {
  for (const auto& lane : state_->lanes) TRY(lane->begin());
  for (const auto& lane : state_->lanes) state_->threads.emplace_back([lane = lane.get()] { lane->run(); });
  return {};
}

void LiveTraffic::stop() {
  for (const auto& lane : state_->lanes) lane->stop();
}

Observations LiveTraffic::next(milliseconds wait) { return state_->batches.pop(wait).value_or(Observations{}); }

bool LiveTraffic::ended() const {
  return std::ranges::all_of(state_->lanes, [](const auto& lane) { return lane->ended(); }) &&
         state_->batches.size() == 0;
}

std::size_t LiveTraffic::lanes() const { return state_->lanes.size(); }

}  // namespace davy::network

#include "cli/sensor_command.h"

#include <csignal>
#include <ctime>
#include <map>
#include <ostream>

#include "cli/capture_limits.h"
#include "cli/examining.h"
#include "cli/privileges.h"
#include "network/live/live_traffic.h"

namespace davy::cli {
namespace {

constexpr std::chrono::milliseconds kWait{100};
constexpr Nanoseconds kTellEvery = std::chrono::seconds(1);

CommandSpec spec() {
  auto options = common_options();
  for (OptionSpec& option : options)
    if (option.name == "for") option.help = TextId::option_for_sensor;
  options.push_back({.name = "memory", .value_name = "MB", .help = TextId::option_memory});
  options.push_back({.name = "policy", .value_name = "FILE", .help = TextId::option_policy});
  options.push_back({.name = "record", .value_name = "FILE", .help = TextId::option_record});
  options.push_back({.name = "no-promiscuous", .help = TextId::option_no_promiscuous});
  return {.name = "davy sensor",
          .summary = TextId::sensor_summary,
          .options = std::move(options),
          .positionals = {{.name = "IFACE", .help = TextId::sensor_interface, .required = true, .repeated = true}},
          .examples = {{"sudo davy sensor eth0", TextId::sensor_example_plain},
                       {"sudo davy sensor --for 8h --format jsonl eth0 eth1", TextId::sensor_example_long}}};
}

// Signals that ask to end, held back and asked for instead of handled.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&wanted_);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&wanted_, number);
    ::pthread_sigmask(SIG_BLOCK, &wanted_, &before_);
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  bool arrived() const {
    const timespec at_once = {};
    return ::sigtimedwait(&wanted_, nullptr, &at_once) > 0;
  }

 private:
  sigset_t wanted_, before_;
};

// Prints each finding once, and again when its verdict rises.
class Announcer {
 public:
  Announcer(const CommonChoices& choices, std::ostream& out) : choices_(choices), out_(out) {}

  void tell(const Examination& so_far) {
    for (const model::Finding& finding : so_far.findings) {
      const auto [told, is_new] = told_.try_emplace(finding.id, finding.verdict);
      if (!is_new && told->second >= finding.verdict) continue;
      told->second = finding.verdict;
      print_finding(finding, so_far, choices_, out_);
    }
    out_.flush();
  }

 private:
  const CommonChoices& choices_;
  std::ostream& out_;
  std::map<std::string, model::Verdict> told_;
};

// From observations to what is printed, until the traffic ends.
class Watch {
 public:
  Watch(network::LiveTraffic& live, Examining& examining, Announcer& announcer)
      : live_(live), examining_(examining), announcer_(announcer) {}

  void run(std::optional<double> seconds, const StopSignals& signals) {
    const Nanoseconds started = clock_.monotonic();
    while (!live_.ended()) {
      for (auto& observation : live_.next(kWait)) accept(std::move(observation));
      const Nanoseconds now = clock_.monotonic();
      if (changed_ && now - told_ >= kTellEvery) tell(now);
      if (signals.arrived() || (seconds && static_cast<double>((now - started).count()) / 1e9 >= *seconds))
        live_.stop();
    }
    if (lost_ > 0) accept({clock_.now(), loss()});
    tell(clock_.monotonic());
  }

 private:
  void accept(model::Observation observation) {
    if (const auto* end = std::get_if<model::CaptureEnd>(&observation.value))
      lost_ += end->dropped, packets_ += end->packets;
    changed_ = true;
    examining_.accept(std::move(observation));
  }

  void tell(Nanoseconds now) {
    told_ = now, changed_ = false;
    announcer_.tell(examining_.so_far());
  }

  // Lost packets are something that could not be seen.
  model::SenseSeen loss() const {
    return {.id = "capture.loss",
            .on = false,
            .why = std::to_string(lost_) + " of " + std::to_string(lost_ + packets_) +
                   " packets were lost before they could be read",
            .required = true};
  }

  network::LiveTraffic& live_;
  Examining& examining_;
  Announcer& announcer_;
  SystemClock clock_;
  Nanoseconds told_{0};
  bool changed_ = false;
  std::uint64_t lost_ = 0, packets_ = 0;
};

void say_listening(const std::vector<std::string>& interfaces, std::size_t lanes, const CommonChoices& choices,
                   const Surroundings& around) {
  if (choices.quiet) return;
  std::string names;
  for (const std::string& name : interfaces) names += (names.empty() ? "" : ", ") + printable(name);
  around.err << text(TextId::sensor_listening, choices.language,
                     {{"interfaces", names}, {"lanes", std::to_string(lanes)}})
             << std::endl;
}

Result<Examination> examine(const ParsedArguments& given, const CommonChoices& choices, const Surroundings& around) {
  const LoadedKnowledge loaded = TRY(load_knowledge(choices));
  network::LiveChoices live_choices;
  live_choices.interfaces = given.positionals();
  const model::PolicySeen policy = TRY(policy_of(given, choices.settings));
  live_choices.traffic = TRY(traffic_limits_of(given, policy));
  live_choices.rings.promiscuous = !given.has("no-promiscuous");
  live_choices.seed = random_seed();
  const StopSignals signals;
  auto live = TRY(network::LiveTraffic::open(loaded.knowledge, live_choices));
  Examining examining(loaded, TRY(recorder_of(given, loaded.knowledge)));
  examining.accept({{}, policy});
  give_up_privileges();  // nothing foreign is parsed in this process
  const SystemClock clock;
  const Nanoseconds started = clock.monotonic();
  TRY(live.start());
  say_listening(live_choices.interfaces, live.lanes(), choices, around);
  Announcer announcer(choices, around.out);
  Watch(live, examining, announcer).run(choices.seconds, signals);
  Examination out = examining.conclude("sensor");
  out.seconds = static_cast<double>((clock.monotonic() - started).count()) / 1e9;
  return out;
}

}  // namespace

int run_sensor(std::span<const std::string> words, const Surroundings& around) {
  return run_examination(
      spec(), words, around,
      [&](const ParsedArguments& given, const CommonChoices& choices) { return examine(given, choices, around); },
      print_rest);
}

}  // namespace davy::cli

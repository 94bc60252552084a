#include "cli/probe_command.h"

#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include "base/worker.h"
#include "cli/capture_limits.h"
#include "cli/examining.h"
#include "cli/privileges.h"
#include "cli/probe_log.h"
#include "network/probe/probe_answer.h"
#include "network/probe/probe_connection.h"
#include "network/probe/probe_policy.h"
#include "network/probe/probe_question.h"

namespace davy::cli {
namespace {

using namespace network::probe;

constexpr Nanoseconds kDay = std::chrono::hours(24);
constexpr std::chrono::milliseconds kJudgeWithin{5'000};
constexpr std::size_t kLoggedBytesMax = 512;

CommandSpec spec() {
  auto options = common_options();
  options.push_back({.name = "dry-run", .help = TextId::probe_option_dry_run});
  options.push_back({.name = "record", .value_name = "FILE", .help = TextId::option_record});
  return {.name = "davy probe",
          .summary = TextId::probe_summary,
          .options = std::move(options),
          .positionals = {{.name = "HOST:PORT", .help = TextId::probe_target, .required = true}},
          .examples = {{"sudo davy probe 10.1.0.7:3333", TextId::probe_example_plain},
                       {"davy probe --dry-run pool.example:443", TextId::probe_example_dry}}};
}

// What the settings allow.
struct Allowed {
  bool enabled = false;
  std::vector<TargetEntry> entries;
  std::size_t per_day = 1;
  double seconds = 5.0;
  std::string log;
};

Result<Allowed> allowed_by(const Settings& settings) {
  Allowed out;
  out.enabled = settings.boolean("probe.enabled");
  out.entries = TRY(parse_entries(settings.list("probe.targets")));
  out.per_day = static_cast<std::size_t>(settings.integer("probe.per_day"));
  out.seconds = settings.number("probe.seconds"), out.log = settings.text("probe.log");
  return out;
}

Result<network::Address> resolve(const Target& target) {
  if (!target.is_name) return *network::parse_address(target.host);
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  const int error = ::getaddrinfo(target.host.c_str(), nullptr, &hints, &found);
  if (error != 0) return fail(ErrorCode::not_found, "the name has no address", target.host);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (one->ai_family == AF_INET)
      return network::Address::v4(
          reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<sockaddr_in*>(one->ai_addr)->sin_addr));
    if (one->ai_family == AF_INET6)
      return network::Address::v6(
          reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<sockaddr_in6*>(one->ai_addr)->sin6_addr));
  }
  return fail(ErrorCode::not_found, "the name has no address", target.host);
}

// Judges answers where nothing can be harmed.
class Judge {
 public:
  static Result<Judge> start(std::vector<std::string> sentences) {
    WorkerLimits limits;
    limits.shared_bytes = kAnswerBytesMax;
    return Judge(TRY(Worker::start("probe", limits, [sentences](ByteView request, ByteView shared) {
      const Json what = Json::parse(as_text(request)).value();
      const Bytes sent = from_hex(what["sent"].string_or("")).value();
      const Answer answer =
          judge_answer(sent, shared.first(std::min(what["bytes"].uint_or(0), shared.size())), sentences);
      Json out = Json::object();
      out.set("kind", name_of(answer.kind)).set("dialect", answer.dialect).set("coin", answer.coin);
      const std::string text = out.set("excerpt", answer.excerpt).dump();
      return Bytes(text.begin(), text.end());
    })));
  }

  Result<Answer> judge(ByteView sent, ByteView received) {
    std::ranges::copy(received, worker_.shared().begin());
    Json request = Json::object();
    request.set("sent", to_hex(sent)).set("bytes", static_cast<std::uint64_t>(received.size()));
    const std::string text = request.dump();
    const Bytes reply = TRY(worker_.call(as_bytes(text), kJudgeWithin));
    const Json json = TRY(Json::parse(as_text(reply)));
    return Answer{parse_answer_kind(json["kind"].string_or("")), std::string(json["dialect"].string_or("")),
                  std::string(json["coin"].string_or("")), std::string(json["excerpt"].string_or(""))};
  }

 private:
  explicit Judge(Worker worker) : worker_(std::move(worker)) {}
  Worker worker_;
};

// One target being asked.
class Probing {
 public:
  Probing(const Target& target, const network::Address& address, const TargetEntry& entry, const Allowed& allowed)
      : target_(target), address_(address), entry_(entry), allowed_(allowed) {}

  std::string place() const {
    const std::string host = network::to_text(address_);
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(target_.port);
  }
  std::string shown() const {
    return target_.is_name ? target_.host + ":" + std::to_string(target_.port) + " (" + place() + ")" : place();
  }
  std::vector<Question> questions() const { return questions_for(target_.is_name); }

  // Errors: the rate is used up, or the log cannot be written.
  Status announce(ProbeLog& log, Timestamp now, unsigned uid) const {
    if (log.asked_since(place(), now + -kDay) >= allowed_.per_day)
      return fail(ErrorCode::limit_exceeded,
                  "this target was asked within a day; the setting probe.per_day says how often it may be", place());
    Json line = Json::object(), names = Json::array();
    for (const Question& question : questions()) names.push(network::probe::name_of(question));
    line.set("at", to_rfc3339(now)).set("what", "ask").set("address", place()).set("target", target_.host);
    line.set("entry", entry_.text).set("uid", std::uint64_t{uid}).set("questions", std::move(names));
    return log.add(line);
  }

  // What came of one question. Errors: the log, or the judge.
  Result<model::ProbeSeen> ask_one(const Question& question, Judge& judge, ProbeLog& log) {
    const Bytes sent = bytes_of(question, target_.host, seed_);
    const auto received =
        ask({address_, target_.port, question.tls, question.server_name ? target_.host : "", allowed_.seconds}, sent);
    model::ProbeSeen out{.name = target_.is_name ? target_.host : "",
                         .address = network::to_text(address_),
                         .port = target_.port,
                         .question = network::probe::name_of(question)};
    if (received) {
      const Answer answer = TRY(judge.judge(sent, *received));
      out.answer = network::probe::name_of(answer.kind), out.dialect = answer.dialect, out.coin = answer.coin;
      out.excerpt = answer.excerpt;
    } else {
      out.answer = "unreachable", out.excerpt = describe(received.error());
    }
    TRY(log.add(line_of(out, sent, received ? ByteView(*received) : ByteView())));
    return out;
  }

 private:
  Json line_of(const model::ProbeSeen& seen, ByteView sent, ByteView received) const {
    Json line = Json::object();
    line.set("at", to_rfc3339(clock_.now()))
        .set("what", "answer")
        .set("address", place())
        .set("question", seen.question);
    line.set("answer", seen.answer).set("dialect", seen.dialect).set("sent", to_hex(sent));
    line.set("received_bytes", static_cast<std::uint64_t>(received.size()));
    return line.set("received", to_hex(received.first(std::min(received.size(), kLoggedBytesMax))));
  }

  const Target& target_;
  const network::Address address_;
  const TargetEntry& entry_;
  const Allowed& allowed_;
  const SystemClock clock_;
  const std::uint64_t seed_ = random_seed();
};

Result<const TargetEntry*> entry_for(const Target& target, const network::Address& address, const Allowed& allowed) {
  if (network::probe::is_never_asked(address))
    return fail(ErrorCode::invalid_argument, "nobody can be asked at such an address", network::to_text(address));
  const TargetEntry* entry = covering(allowed.entries, target, address);
  if (entry == nullptr)
    return fail(ErrorCode::invalid_argument, "no entry of the setting probe.targets covers this target",
                target.host + " (" + network::to_text(address) + "):" + std::to_string(target.port));
  return entry;
}

void tell_plan(const Probing& probing, const TargetEntry& entry, const CommonChoices& choices, std::ostream& out) {
  out << text(TextId::probe_plan, choices.language, {{"target", probing.shown()}, {"entry", entry.text}}) << '\n';
  for (const Question& question : probing.questions()) out << "  " << network::probe::name_of(question) << '\n';
}

void tell_answer(const model::ProbeSeen& seen, const CommonChoices& choices, std::ostream& out) {
  const auto meaning = find_text("probe.answer." + seen.answer);
  out << "  " << (meaning ? text(*meaning, choices.language) : seen.answer)
      << (seen.excerpt.empty() ? "" : ": " + seen.excerpt) << std::endl;
}

bool is_proof(const model::ProbeSeen& seen) { return seen.answer == "job"; }

// An address that answers nothing is not worth ten waits.
bool is_silence(const std::vector<model::ProbeSeen>& seen) {
  return seen.size() == 1 && seen.front().answer == "unreachable";
}

Status ask_all(Probing& probing, Judge& judge, ProbeLog& log, Examining& examining, const CommonChoices& choices,
               const Surroundings& around) {
  const SystemClock clock;
  std::vector<model::ProbeSeen> seen;
  for (const Question& question : probing.questions()) {
    if (!choices.quiet)
      around.err << text(TextId::probe_asking, choices.language,
                         {{"target", probing.shown()}, {"question", network::probe::name_of(question)}})
                 << std::endl;
    seen.push_back(TRY(probing.ask_one(question, judge, log)));
    examining.accept({clock.now(), seen.back()});
    if (!choices.quiet) tell_answer(seen.back(), choices, around.err);
    if (is_proof(seen.back()) || is_silence(seen)) break;
  }
  if (is_silence(seen))
    examining.accept(
        {clock.now(), model::SenseSeen{.id = "probe", .on = false, .why = seen.front().excerpt, .required = true}});
  return {};
}

Result<Examination> examine(const ParsedArguments& given, const CommonChoices& choices, const Surroundings& around) {
  const LoadedKnowledge loaded = TRY(load_knowledge(choices));
  const Target target = TRY(parse_target(given.positionals().front()));
  const Allowed allowed = TRY(allowed_by(choices.settings));
  const bool dry = given.has("dry-run");
  if (!allowed.enabled && !dry)
    return fail(ErrorCode::invalid_argument, text(TextId::probe_refused_off, choices.language),
                given.positionals().front());
  const auto sentences = TRY(parse_sentences(loaded.knowledge.part("pool_errors")));
  auto judge = TRY(Judge::start(sentences));
  const unsigned uid = ::getuid();
  std::optional<ProbeLog> log;
  if (!dry) log = TRY(ProbeLog::open(allowed.log));
  Examining examining(loaded, TRY(recorder_of(given, loaded.knowledge)));
  give_up_privileges();
  const network::Address address = TRY(resolve(target));
  const TargetEntry& entry = *TRY(entry_for(target, address, allowed));
  Probing probing(target, address, entry, allowed);
  if (dry) {
    tell_plan(probing, entry, choices, around.out);
    return examining.conclude("probe");
  }
  const SystemClock clock;
  const Nanoseconds started = clock.monotonic();
  TRY(probing.announce(*log, clock.now(), uid));
  TRY(ask_all(probing, judge, *log, examining, choices, around));
  Examination out = examining.conclude("probe");
  out.seconds = static_cast<double>((clock.monotonic() - started).count()) / 1e9;
  return out;
}

}  // namespace

int run_probe(std::span<const std::string> words, const Surroundings& around) {
  const bool dry = std::ranges::find(words, "--dry-run") != words.end();
  const Print nothing = [](const Examination&, const CommonChoices&, std::ostream&) {};  // the plan was the result
  return run_examination(
      spec(), words, around,
      [&](const ParsedArguments& given, const CommonChoices& choices) { return examine(given, choices, around); },
      dry ? nothing : print);
}

}  // namespace davy::cli

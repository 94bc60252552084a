#include "cli/pcap_command.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <ostream>

#include "base/file.h"
#include "base/progress.h"
#include "cli/knowledge_loader.h"
#include "cli/pipeline.h"
#include "cli/recorder.h"
#include "network/capture_examiner.h"

namespace davy::cli {
namespace {

constexpr std::uint64_t kBytesPerFlow = 200;  // with its place in the index

CommandSpec spec() {
  auto options = common_options();
  options.push_back({.name = "record", .value_name = "FILE", .help = TextId::option_record});
  options.push_back({.name = "memory", .value_name = "MB", .help = TextId::option_memory});
  return {.name = "davy pcap",
          .summary = TextId::pcap_summary,
          .options = std::move(options),
          .positionals = {{.name = "FILE", .help = TextId::pcap_file, .required = true, .repeated = true}},
          .examples = {{"davy pcap border.pcap", TextId::pcap_example_plain},
                       {"davy pcap --format jsonl monday.pcapng.gz tuesday.pcapng.gz", TextId::pcap_example_many}}};
}

// One run over all files.
class Reading {
 public:
  Reading(network::CaptureExaminer& examiner, Pipeline& pipeline, std::optional<Recorder>& recorder, Progress& bar)
      : examiner_(examiner), pipeline_(pipeline), recorder_(recorder), bar_(bar) {}

  // Errors: the file cannot be read at all. Damage is told in the pipeline's senses and counts.
  Status file(const std::string& path) {
    UniqueFd opened;
    if (path != "-") {
      opened = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
      if (!opened) return fail_errno(errno, "cannot open the capture", path);
    }
    const int fd = path == "-" ? STDIN_FILENO : opened.get();
    for (;;) {
      const std::size_t got = TRY(fill(fd, path));
      if (got == 0) break;
      accept(TRY(about(path, examiner_.read(got))), path);
      bar_.advance(got);
    }
    accept(TRY(about(path, examiner_.finish())), path);
    return {};
  }

  std::uint64_t damaged() const { return damaged_; }

 private:
  Result<std::size_t> fill(int fd, const std::string& path) {
    const auto window = examiner_.window();
    std::size_t have = 0;
    while (have < window.size()) {
      const ssize_t got = ::read(fd, window.data() + have, window.size() - have);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail_errno(errno, "cannot read the capture", path);
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    return have;
  }

  void accept(std::vector<model::Observation> observations, const std::string& path) {
    for (auto& observation : observations) take(std::move(observation));
    if (!examiner_.damage()) return;
    ++damaged_;
    const std::string why = examiner_.damage()->message + " (" + path + ")";
    take({{}, model::SenseSeen{.id = "capture", .on = false, .why = printable(why), .required = true}});
  }

  void take(model::Observation observation) {
    if (recorder_) recorder_->write(observation);
    pipeline_.accept(std::move(observation));
  }

  network::CaptureExaminer& examiner_;
  Pipeline& pipeline_;
  std::optional<Recorder>& recorder_;
  Progress& bar_;
  std::uint64_t damaged_ = 0;
};

std::uint64_t bytes_of(std::span<const std::string> paths) {
  std::uint64_t total = 0;
  for (const std::string& path : paths) {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) total += static_cast<std::uint64_t>(info.st_size);
  }
  return total;
}

std::uint64_t random_seed() {
  std::uint64_t out = 0;
  if (::getrandom(&out, sizeof out, GRND_NONBLOCK) != sizeof out) out = static_cast<std::uint64_t>(::getpid());
  return out;
}

Result<network::TrafficLimits> limits_of(const ParsedArguments& given) {
  network::TrafficLimits out;
  const auto words = given.value("memory");
  if (!words) return out;
  std::uint64_t megabytes = 0;
  const auto [end, error] = std::from_chars(words->data(), words->data() + words->size(), megabytes);
  if (error != std::errc() || end != words->data() + words->size() || megabytes < 1 || megabytes > 65'536)
    return fail(ErrorCode::invalid_argument, "a number of megabytes from 1 to 65536 is needed", "--memory");
  out.flows.flows_max = (megabytes << 20) / kBytesPerFlow;
  return out;
}

Result<Examination> examine(const ParsedArguments& given, const CommonChoices& choices, const Surroundings& around) {
  const LoadedKnowledge loaded = TRY(load_knowledge(choices));
  const network::TrafficLimits limits = TRY(limits_of(given));
  auto examiner = TRY(network::CaptureExaminer::start(loaded.knowledge, limits, random_seed()));
  std::optional<Recorder> recorder;
  if (const auto path = given.value("record"))
    recorder = TRY(Recorder::create(std::string(*path), {loaded.knowledge.version(), loaded.knowledge.digest()}));
  SystemClock clock;
  const Nanoseconds started = clock.monotonic();
  Progress bar(around.err, around.err_is_terminal && !choices.quiet, clock, "B", bytes_of(given.positionals()));
  Pipeline pipeline(loaded.catalogue, loaded.knowledge);
  Reading reading(examiner, pipeline, recorder, bar);
  for (const std::string& path : given.positionals()) TRY(reading.file(path));
  bar.finish();
  if (recorder) TRY(recorder->finish());
  Examination out = pipeline.result();
  out.command = "pcap";
  out.seconds = static_cast<double>((clock.monotonic() - started).count()) / 1e9;
  out.intel_version = loaded.knowledge.version(), out.intel_trust = loaded.knowledge.trust();
  out.dropped.unreadable += reading.damaged();
  return out;
}

}  // namespace

int run_pcap(std::span<const std::string> words, const Surroundings& around) {
  const auto given = parse_arguments(spec(), words);
  if (!given) return complain(given.error(), around, around.language);
  if (given->has("help")) return print_help(spec(), around, around.language);
  const auto choices = read_common(*given, around);
  if (!choices) return complain(choices.error(), around, around.language);
  const auto examination = examine(*given, *choices, around);
  if (!examination) return complain(examination.error(), around, choices->language);
  print(*examination, *choices, around.out);
  return exit_status(*examination, choices->fail_at);
}

}  // namespace davy::cli

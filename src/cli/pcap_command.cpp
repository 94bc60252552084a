#include "cli/pcap_command.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <ostream>

#include "base/file.h"
#include "base/progress.h"
#include "cli/capture_limits.h"
#include "cli/examining.h"
#include "network/capture_examiner.h"

namespace davy::cli {
namespace {

CommandSpec spec() {
  auto options = common_options();
  options.push_back({.name = "record", .value_name = "FILE", .help = TextId::option_record});
  options.push_back({.name = "extract", .value_name = "DIR", .help = TextId::option_extract});
  options.push_back({.name = "memory", .value_name = "MB", .help = TextId::option_memory});
  options.push_back({.name = "policy", .value_name = "FILE", .help = TextId::option_policy});
  return {.name = "davy pcap",
          .summary = TextId::pcap_summary,
          .options = std::move(options),
          .positionals = {{.name = "FILE", .help = TextId::pcap_file, .required = true, .repeated = true}},
          .examples = {{"davy pcap border.pcap", TextId::pcap_example_plain},
                       {"davy pcap --format jsonl monday.pcapng.gz tuesday.pcapng.gz", TextId::pcap_example_many},
                       {"davy pcap --extract evidence border.pcap", TextId::pcap_example_extract}}};
}

// The bytes of one capture file, or of standard input, into the examiner's window.
class CaptureFile {
 public:
  static Result<CaptureFile> open(const std::string& path) {
    CaptureFile out;
    out.path_ = path;
    if (path == "-") return out;
    out.opened_ = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!out.opened_) return fail_errno(errno, "cannot open the capture", path);
    return out;
  }

  // Bytes put into the window; 0 at the end.
  Result<std::size_t> fill(std::span<std::uint8_t> window) {
    const int fd = opened_ ? opened_.get() : STDIN_FILENO;
    std::size_t have = 0;
    while (have < window.size()) {
      const ssize_t got = ::read(fd, window.data() + have, window.size() - have);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail_errno(errno, "cannot read the capture", path_);
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    return have;
  }

 private:
  UniqueFd opened_;
  std::string path_;
};

// One run over all files.
class Reading {
 public:
  Reading(network::CaptureExaminer& examiner, Examining& examining, Progress& bar)
      : examiner_(examiner), examining_(examining), bar_(bar) {}

  // Errors: the file cannot be read at all. Damage is told in the pipeline's senses and counts.
  Status file(const std::string& path) {
    CaptureFile capture = TRY(CaptureFile::open(path));
    for (;;) {
      const std::size_t got = TRY(capture.fill(examiner_.window()));
      if (got == 0) break;
      accept(TRY(about(path, examiner_.read(got))), path);
      bar_.advance(got);
    }
    accept(TRY(about(path, examiner_.finish())), path);
    return {};
  }

  std::uint64_t damaged() const { return damaged_; }
  const std::optional<Error>& first_damage() const { return first_damage_; }

 private:
  void accept(std::vector<model::Observation> observations, const std::string& path) {
    for (auto& observation : observations) examining_.accept(std::move(observation));
    if (!examiner_.damage()) return;
    ++damaged_;
    if (!first_damage_) first_damage_ = Error{examiner_.damage()->code, examiner_.damage()->message, path};
    const std::string why = examiner_.damage()->message + " (" + path + ")";
    examining_.accept({{}, model::SenseSeen{.id = "capture", .on = false, .why = printable(why), .required = true}});
  }

  network::CaptureExaminer& examiner_;
  Examining& examining_;
  Progress& bar_;
  std::uint64_t damaged_ = 0;
  std::optional<Error> first_damage_;
};

// Writes DIR/ID.pcap and DIR/ID.messages.jsonl for each finding about a flow.
class Extraction {
 public:
  Extraction(network::CaptureExaminer& examiner, std::string folder)
      : examiner_(examiner), folder_(std::move(folder)) {}

  Status run(std::span<const std::string> paths, const std::vector<model::Finding>& findings) {
    for (const model::Finding& finding : findings) choose(finding);
    if (wanted_.empty()) return {};
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
      return fail_errno(errno, "cannot make the folder", folder_);
    for (const std::string& path : paths) TRY(about(path, file(path)));
    return {};
  }

 private:
  void choose(const model::Finding& finding) {
    const auto* flow = std::get_if<model::FlowSubject>(&finding.subject);
    if (flow == nullptr || flow->first_ns == 0 || wanted_.size() == network::kExtractFlowsMax) return;
    wanted_.push_back(
        {{flow->protocol, flow->source, flow->source_port, flow->destination, flow->destination_port, flow->first_ns},
         flow->last_ns});
    names_.push_back(folder_ + "/" + finding.id);
  }

  Status file(const std::string& path) {
    if (path == "-") return fail(ErrorCode::invalid_argument, "standard input cannot be read twice: name a file");
    CaptureFile capture = TRY(CaptureFile::open(path));
    TRY(examiner_.select(wanted_));
    for (;;) {
      const std::size_t got = TRY(capture.fill(examiner_.window()));
      if (got == 0) break;
      for (const auto& part : TRY(examiner_.extract(got))) {
        TRY(write(names_.at(part.flow) + ".pcap", part.capture));
        TRY(write(names_.at(part.flow) + ".messages.jsonl", as_bytes(part.messages)));
      }
    }
    return examiner_.finish_extract();
  }

  // New files only; the first part creates one, later parts are added to it.
  Status write(const std::string& path, ByteView bytes) {
    if (bytes.empty()) return {};
    auto [file, is_new] = files_.try_emplace(path);
    if (is_new)
      file->second = UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file->second) return fail_errno(errno, "cannot create the file", path);
    while (!bytes.empty()) {
      const ssize_t put = ::write(file->second.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return fail_errno(errno, "cannot write the file", path);
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
  }

  network::CaptureExaminer& examiner_;
  std::string folder_;
  std::vector<network::WantedFlow> wanted_;
  std::vector<std::string> names_;  // of the files to write, without their endings
  std::map<std::string, UniqueFd> files_;
};

std::uint64_t bytes_of(std::span<const std::string> paths) {
  std::uint64_t total = 0;
  for (const std::string& path : paths) {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) total += static_cast<std::uint64_t>(info.st_size);
  }
  return total;
}

Result<Examination> examine(const ParsedArguments& given, const CommonChoices& choices, const Surroundings& around) {
  const LoadedKnowledge loaded = TRY(load_knowledge(choices));
  const model::PolicySeen policy = TRY(policy_of(given, choices.settings));
  const network::TrafficLimits limits = TRY(traffic_limits_of(given, policy));
  auto examiner = TRY(network::CaptureExaminer::start(loaded.knowledge, limits, random_seed()));
  Examining examining(loaded, TRY(recorder_of(given, loaded.knowledge)));
  examining.accept({{}, policy});
  SystemClock clock;
  const Nanoseconds started = clock.monotonic();
  Progress bar(around.err, around.err_is_terminal && !choices.quiet, clock, "B", bytes_of(given.positionals()));
  Reading reading(examiner, examining, bar);
  for (const std::string& path : given.positionals()) TRY(reading.file(path));
  bar.finish();
  Examination out = examining.conclude("pcap");
  if (reading.damaged() == given.positionals().size() && out.examined.packets == 0)
    return tl::unexpected(*reading.first_damage());
  out.seconds = static_cast<double>((clock.monotonic() - started).count()) / 1e9;
  out.dropped.unreadable += reading.damaged();
  if (const auto folder = given.value("extract"))
    TRY(Extraction(examiner, std::string(*folder)).run(given.positionals(), out.findings));
  return out;
}

}  // namespace

int run_pcap(std::span<const std::string> words, const Surroundings& around) {
  return run_examination(spec(), words, around, [&](const ParsedArguments& given, const CommonChoices& choices) {
    return examine(given, choices, around);
  });
}

}  // namespace davy::cli

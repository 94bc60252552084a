#include "drill/command.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace davy::drill {
namespace {

using Name = Masked<16>;

constexpr std::array kFlags{Name("--scrub"),  Name("--etc"),       Name("--help"),      Name("--list"),
                            Name("--spaced"), Name("--reordered"), Name("--midstream"), Name("--serve")};
constexpr std::array kAlgorithms{Name("randomx"), Name("scrypt"), Name("argon2id"), Name("sha256d")};
constexpr std::array kModes{Name("light"), Name("fast"), Name("interpreter")};
constexpr std::array kDisguises{Name("renamed"), Name("memfd"),      Name("deleted"),     Name("throttle"),
                                Name("nice"),    Name("namespaces"), Name("stdin-config")};
constexpr std::array kDuties{100U, 50U, 25U, 10U, 5U};

tl::unexpected<Error> wrong(std::string_view word) {
  return fail(ErrorCode::invalid_argument, "not understood", std::string(word));
}

Result<std::size_t> choose(std::optional<std::string_view> given, std::span<const Name> names) {
  if (!given) return std::size_t{0};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (equals(*given, names[i])) return i;
  return wrong(*given);
}

Status choose_pool(std::optional<std::string_view> given, MineRequest& request) {
  if (!given || equals(*given, mask("none"))) return {};
  request.plan.pool = TRY(parse_loopback(*given));
  request.plan.has_pool = true;
  request.pool_text = *given;
  return {};
}

Status choose_duty(const Words& words, Plan& plan) {
  const std::uint32_t duty = TRY(words.number(mask("--duty"), 100, 1, 100));
  if (std::ranges::find(kDuties, duty) == kDuties.end())
    return fail(ErrorCode::invalid_argument, "the duty is one of 100, 50, 25, 10 and 5", std::to_string(duty));
  plan.duty_percent = static_cast<std::uint8_t>(duty);
  return {};
}

Status choose_disguises(const Words& words, MineRequest& request) {
  for (const std::string_view name : words.values(mask("--disguise")))
    request.plan.disguises |= 1U << TRY(choose(name, kDisguises));
  request.config_path = words.value(mask("--config"));
  if (request.config_path && *request.config_path == "-") request.plan.disguises |= kStdinConfig;
  if (request.plan.disguised(kStdinConfig)) request.config_path = "-";
  request.plan.scrub = words.has(mask("--scrub"));
  return {};
}

Status choose_load(const Words& words, Plan& plan) {
  plan.algorithm = static_cast<Algorithm>(TRY(choose(words.value(mask("--algo")), kAlgorithms)));
  plan.mode = static_cast<Mode>(TRY(choose(words.value(mask("--mode")), kModes)));
  plan.threads = static_cast<std::uint16_t>(TRY(words.number(mask("--threads"), 1, 1, kThreadsMax)));
  plan.seconds = TRY(words.number(mask("--seconds"), kSecondsDefault, 1, kSecondsMax));
  plan.nice = static_cast<std::int16_t>(TRY(words.number(mask("--nice"), 0, 0, 19)));
  plan.keepalive_seconds = TRY(words.number(mask("--keepalive"), plan.keepalive_seconds, 1, kSecondsMax));
  plan.deadline_ns = monotonic_ns() + plan.seconds * std::int64_t{1'000'000'000};
  plan.parent = getppid();
  return {};
}

}  // namespace

Result<Words> Words::read(std::span<char*> words) {
  Words read;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "--") {
      read.command_ = words.subspan(i + 1);
      break;
    }
    const bool is_flag = std::ranges::any_of(kFlags, [&](const Name& flag) { return equals(word, flag); });
    if (!word.starts_with("--")) {
      read.positionals_.push_back(word);
    } else if (is_flag) {
      read.options_.emplace_back(word, "");
    } else if (i + 1 < words.size()) {
      read.options_.emplace_back(word, words[++i]);
    } else {
      return fail(ErrorCode::invalid_argument, "a value is missing behind", std::string(word));
    }
  }
  return read;
}

std::optional<std::string_view> Words::value(MaskedView option) const {
  const auto all = values(option);
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::vector<std::string_view> Words::values(MaskedView option) const {
  std::vector<std::string_view> found;
  for (const auto& [name, value] : options_)
    if (equals(name, option)) found.push_back(value);
  return found;
}

Result<std::uint32_t> Words::number(MaskedView option, std::uint32_t fallback, std::uint32_t min,
                                    std::uint32_t max) const {
  const auto given = value(option);
  if (!given) return fallback;
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(given->data(), given->data() + given->size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != given->data() + given->size() || number < min || number > max)
    return fail(ErrorCode::invalid_argument,
                "a number from " + std::to_string(min) + " to " + std::to_string(max) + " is wanted, not",
                std::string(*given));
  return number;
}

Status Words::only(std::span<const MaskedView> allowed) const {
  for (const auto& [name, value] : options_) {
    const std::string_view word = name;
    if (std::ranges::none_of(allowed, [&](MaskedView known) { return equals(word, known); })) return wrong(word);
  }
  return {};
}

Result<MineRequest> read_mine(const Words& words) {
  static constexpr std::array<Name, 11> kKnown{"--algo",   "--mode",    "--threads", "--duty",
                                               "--pool",   "--seconds", "--nice",    "--keepalive",
                                               "--config", "--scrub",   "--disguise"};
  const std::vector<MaskedView> known(kKnown.begin(), kKnown.end());
  TRY(words.only(known));
  MineRequest request;
  TRY(choose_load(words, request.plan));
  TRY(choose_duty(words, request.plan));
  TRY(choose_pool(words.value(mask("--pool")), request));
  TRY(choose_disguises(words, request));
  return request;
}

Result<PoolSettings> read_pool(const Words& words) {
  static constexpr std::array<Name, 5> kKnown{"--port", "--seconds", "--job-seconds", "--difficulty", "--algo"};
  const std::vector<MaskedView> known(kKnown.begin(), kKnown.end());
  TRY(words.only(known));
  PoolSettings settings;
  settings.port = static_cast<std::uint16_t>(TRY(words.number(mask("--port"), 0, 0, UINT16_MAX)));
  settings.seconds = TRY(words.number(mask("--seconds"), kSecondsDefault, 1, kSecondsMax));
  settings.job_seconds = TRY(words.number(mask("--job-seconds"), settings.job_seconds, 1, kSecondsMax));
  settings.difficulty = TRY(words.number(mask("--difficulty"), 0, 0, UINT32_MAX));
  settings.algorithm = static_cast<Algorithm>(TRY(choose(words.value(mask("--algo")), kAlgorithms)));
  return settings;
}

namespace {

Result<TlsVersion> read_tls(const Words& words, MaskedView option) {
  static constexpr std::array kVersions{Name("none"), Name("1.2"), Name("1.3")};
  return static_cast<TlsVersion>(TRY(choose(words.value(option), kVersions)));
}

Result<LiveChoice> read_live(const Words& words) {
  LiveChoice live;
  live.seconds = TRY(words.number(mask("--seconds"), kSecondsDefault, 1, kSecondsMax));
  live.shares = TRY(words.number(mask("--shares"), live.shares, 0, kSharesMax));
  live.gap_ms = TRY(words.number(mask("--gap"), live.gap_ms, 0, kGapMax));
  live.job_gap_ms = TRY(words.number(mask("--job-gap"), live.job_gap_ms, 1, kGapMax));
  live.seed = TRY(words.number(mask("--seed"), 1, 0, UINT32_MAX));
  live.port = static_cast<std::uint16_t>(TRY(words.number(mask("--port"), 0, 0, UINT16_MAX)));
  live.tls = TRY(read_tls(words, mask("--tls")));
  live.tls_choice.padding_bytes = TRY(words.number(mask("--padding"), 0, 0, 1'024));
  if (const auto name = words.value(mask("--sni"))) live.tls_choice.server_name = *name;
  return live;
}

Result<TalkChoice> read_choice(const Words& words) {
  TalkChoice choice;
  choice.shares = TRY(words.number(mask("--shares"), choice.shares, 0, kSharesMax));
  choice.gap_ms = TRY(words.number(mask("--gap"), choice.gap_ms, 0, kGapMax));
  choice.split_bytes = TRY(words.number(mask("--split"), 0, 1, 1'400));
  static constexpr std::array kVias{Name("none"), Name("connect"), Name("socks5")};
  choice.via = static_cast<Via>(TRY(choose(words.value(mask("--via")), kVias)));
  choice.spaced = words.has(mask("--spaced"));
  choice.reordered = words.has(mask("--reordered"));
  choice.midstream = words.has(mask("--midstream"));
  return choice;
}

}  // namespace

Result<TalkRequest> read_talk(const Words& words) {
  static constexpr std::array<Name, 17> kKnown{
      "--pcap",    "--shares",  "--gap",  "--via", "--split", "--spaced",  "--reordered", "--midstream", "--serve",
      "--connect", "--seconds", "--port", "--tls", "--seed",  "--job-gap", "--padding",   "--sni"};
  const std::vector<MaskedView> known(kKnown.begin(), kKnown.end());
  TRY(words.only(known));
  if (words.positionals().size() != 2) return fail(ErrorCode::invalid_argument, "talk takes a name; see talk --list");
  TalkRequest request;
  request.talk = find_talk(words.positionals()[1]);
  if (request.talk == nullptr) return wrong(words.positionals()[1]);
  const auto path = words.value(mask("--pcap")), server = words.value(mask("--connect"));
  if (int{path.has_value()} + int{server.has_value()} + int{words.has(mask("--serve"))} != 1)
    return fail(ErrorCode::invalid_argument, "talk needs one of --pcap FILE, --serve and --connect 127.0.0.1:PORT");
  if (path) {
    request.path = *path;
    request.choice = TRY(read_choice(words));
    return request;
  }
  if (server) request.join = TRY(parse_loopback(*server));
  request.live = TRY(read_live(words));
  return request;
}

Result<RelayRequest> read_relay(const Words& words) {
  static constexpr std::array<Name, 5> kKnown{"--to", "--port", "--tls-in", "--tls-out", "--seconds"};
  const std::vector<MaskedView> known(kKnown.begin(), kKnown.end());
  TRY(words.only(known));
  const auto server = words.value(mask("--to"));
  if (!server) return fail(ErrorCode::invalid_argument, "relay needs --to 127.0.0.1:PORT");
  RelayRequest request;
  request.server = TRY(parse_loopback(*server));
  request.inside = TRY(read_tls(words, mask("--tls-in"))), request.outside = TRY(read_tls(words, mask("--tls-out")));
  request.live = TRY(read_live(words));
  return request;
}

}  // namespace davy::drill

// davy-drill: the harmless exercise twin. Start here: each command is one function below; docs/drill.md tells the rest.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "drill/command.h"
#include "drill/config_text.h"
#include "drill/hide.h"
#include "drill/launch.h"
#include "drill/talks/pcap.h"
#include "drill/texts.h"

namespace {

using namespace davy::drill;
using davy::Error;
using davy::ErrorCode;
using davy::Result;
using davy::Status;
using davy::UniqueFd;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

void say(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

Result<SecretText> read_config(std::string_view path) {
  const UniqueFd file(path == "-" ? dup(STDIN_FILENO) : open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return davy::fail_errno(errno, "cannot open the configuration", std::string(path));
  davy::Bytes bytes = TRY(davy::read_all(file.get(), kConfigBytesMax));
  return SecretText(davy::as_text(bytes));
}

Status run_mine(const Words& words) {
  MineRequest request = TRY(read_mine(words));
  SecretText config;
  if (request.config_path) {
    config = TRY(read_config(*request.config_path));
    TRY(apply_config(config.view(), request.plan));
  } else {
    config = build_config(request.plan, request.pool_text);
  }
  say(STDERR_FILENO, start_notice(request.plan.seconds, getpid()).view());
  return launch(request.plan, std::move(config));
}

Status run_pool_command(const Words& words) {
  const PoolSettings settings = TRY(read_pool(words));
  say(STDERR_FILENO, start_notice(settings.seconds, getpid()).view());
  return run_pool(settings);
}

Status run_config(const Words& words) {
  const MineRequest request = TRY(read_mine(words));
  say(STDOUT_FILENO, build_config(request.plan, request.pool_text).view());
  return {};
}

Status run_hide(const Words& words) {
  const auto& names = words.positionals();
  HideRequest request;
  request.preload = names.size() == 2 && equals(names[1], mask("preload"));
  if (names.size() != 2 || (!request.preload && !equals(names[1], mask("bind-mount"))))
    return davy::fail(ErrorCode::invalid_argument, "hide takes bind-mount or preload");
  request.pid = static_cast<int>(TRY(words.number(mask("--pid"), 0, 0, 1U << 22U)));
  if (request.pid < 2) return davy::fail(ErrorCode::invalid_argument, "hide needs --pid");
  request.seconds = TRY(words.number(mask("--seconds"), request.seconds, 1, kSecondsMax));
  request.etc = words.has(mask("--etc"));
  request.command = words.command();
  return hide(request);
}

Status run_tidy(const Words& words) {
  if (words.positionals().size() != 3) return davy::fail(ErrorCode::invalid_argument, "tidy takes two paths");
  return tidy(words.positionals()[1], words.positionals()[2]);
}

SecretText talks_text() {
  static constexpr auto kMining = mask("mining   ");
  static constexpr auto kNearMiss = mask("near miss");
  SecretText out;
  for (const Talk* talk : all_talks()) {
    out.add(talk->name).add(mask("\t")).add(talk->mining ? kMining : kNearMiss);
    out.add(mask("\t")).add(talk->what).add(mask("\n"));
  }
  return out;
}

Status run_talk(const Words& words) {
  if (words.has(mask("--list"))) return say(STDOUT_FILENO, talks_text().view()), Status();
  const TalkRequest request = TRY(read_talk(words));
  if (request.path.empty()) {
    say(STDERR_FILENO, start_notice(request.live.seconds, getpid()).view());
    return request.join ? join_talk(*request.talk, *request.join, request.live)
                        : serve_talk(*request.talk, request.live);
  }
  const davy::Bytes capture = write_pcap(play(*request.talk, request.choice), request.choice);
  const std::string path(request.path);
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file) return davy::fail_errno(errno, "cannot write the capture", path);
  say(file.get(), davy::as_text(capture));
  return {};
}

Status run_relay(const Words& words) {
  const RelayRequest request = TRY(read_relay(words));
  say(STDERR_FILENO, start_notice(request.live.seconds, getpid()).view());
  return relay_talks(request.server, request.inside, request.outside, request.live);
}

int conclude(const Status& status) {
  if (status) return kDone;
  say(STDERR_FILENO, "davy-drill: " + davy::describe(status.error()) + "\n");
  return status.error().code == ErrorCode::invalid_argument ? kWrongUse : kFailed;
}

Status dispatch(const Words& words) {
  if (words.positionals().empty()) return davy::fail(ErrorCode::invalid_argument, "a command is wanted; see --help");
  const std::string_view command = words.positionals().front();
  if (equals(command, mask("mine"))) return run_mine(words);
  if (equals(command, mask("pool"))) return run_pool_command(words);
  if (equals(command, mask("config"))) return run_config(words);
  if (equals(command, mask("hide"))) return run_hide(words);
  if (equals(command, mask("tidy"))) return run_tidy(words);
  if (equals(command, mask("talk"))) return run_talk(words);
  if (equals(command, mask("relay"))) return run_relay(words);
  return davy::fail(ErrorCode::invalid_argument, "no such command", std::string(command));
}

int run_by_hand(int count, char** words) {
  const auto given = Words::read(std::span(words + 1, static_cast<std::size_t>(count - 1)));
  if (!given) return conclude(davy::fail(given.error().code, given.error().message, given.error().context));
  if (given->command().empty() && given->has(mask("--help"))) return say(STDOUT_FILENO, usage_text().view()), kDone;
  if (!given->positionals().empty() && equals(given->positionals().front(), mask("list")))
    return say(STDOUT_FILENO, list_text().view()), kDone;
  return conclude(dispatch(*given));
}

}  // namespace

int main(int count, char** words) {
  if (count > 1) return run_by_hand(count, words);
  SecretText config;
  const auto plan = unpack_plan(config);
  if (plan) return conclude(run_launched(*plan, std::move(config), {count, words}));
  say(STDERR_FILENO, usage_text().view());
  return kWrongUse;
}

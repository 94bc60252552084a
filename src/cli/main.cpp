// davy: one program, one file for each subcommand; this one only finds the command and hands on the words.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "base/json.h"
#include "cli/check_command.h"
#include "cli/config_command.h"
#include "cli/drill_command.h"
#include "cli/intel_command.h"
#include "cli/pcap_command.h"
#include "cli/probe_command.h"
#include "cli/replay_command.h"
#include "cli/sensor_command.h"
#include "cli/version_command.h"

namespace davy::cli {
namespace {

struct Entry {
  const char* name;
  TextId summary;
  Command run;
};

constexpr Entry kCommands[] = {
    {"check", TextId::check_summary, run_check},       {"pcap", TextId::pcap_summary, run_pcap},
    {"sensor", TextId::sensor_summary, run_sensor},    {"replay", TextId::replay_summary, run_replay},
    {"probe", TextId::probe_summary, run_probe},       {"intel", TextId::intel_summary, run_intel},
    {"drill", TextId::drill_summary, run_drill},       {"config", TextId::config_summary, run_config},
    {"version", TextId::version_summary, run_version},
};

int print_overview(const Surroundings& around) {
  around.out << text(TextId::cli_summary, around.language) << "\n\n"
             << text(TextId::cli_commands, around.language) << ":\n";
  for (const Entry& entry : kCommands)
    around.out << "  davy " << pad_to(entry.name, 10) << text(entry.summary, around.language) << '\n';
  around.out << '\n' << text(TextId::cli_more_help, around.language) << '\n';
  return 0;
}

int unknown_command(const std::string& word, const Surroundings& around) {
  std::vector<std::string> known;
  for (const Entry& entry : kCommands) known.emplace_back(entry.name);
  around.err << "davy: " << text(TextId::cli_unknown_command, around.language, {{"word", printable(word)}});
  if (const auto near = nearest_word(word, known))
    around.err << ' ' << text(TextId::cli_did_you_mean, around.language, {{"word", *near}});
  around.err << '\n' << text(TextId::cli_more_help, around.language) << '\n';
  return kExitWrongUse;
}

int dispatch(std::span<const std::string> words, const Surroundings& around) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") return print_overview(around);
  if (words[0] == "--version") return run_version(words.subspan(1), around);
  for (const Entry& entry : kCommands)
    if (words[0] == entry.name) return entry.run(words.subspan(1), around);
  return unknown_command(words[0], around);
}

// Results that nobody received must not look like success: 0 becomes 3, "incomplete" and "partly done".
int delivered(int status, const Surroundings& around) {
  around.out.flush();
  if (around.out.good()) return status;
  around.err << "davy: " << text(TextId::cli_output_lost, around.language) << '\n';
  return status == kExitNothingFound ? kExitIncomplete : status;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

Language language_of_environment() {
  return language_from_locale(environment("LC_ALL"), environment("LC_MESSAGES"), environment("LANG"));
}

// A closed standard stream would be taken over by the next file opened, and results written into that.
void occupy_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDONLY);
}

}  // namespace
}  // namespace davy::cli

int main(int argc, char** argv) {
  davy::cli::occupy_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error to report, not a death
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  const davy::cli::Surroundings around{
      .out = std::cout,
      .err = std::cerr,
      .language = davy::cli::language_asked_for(words, davy::cli::language_of_environment()),
      .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
      .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
  };
  return davy::cli::delivered(davy::cli::dispatch(words, around), around);
}

#include "cli/drill_command.h"

#include <sys/stat.h>
#include <unistd.h>

#include <ostream>

namespace davy::cli {
namespace {

constexpr const char* kInstalledTwin = "/usr/lib/davy/davy-drill";

CommandSpec spec() {
  return {.name = "davy drill",
          .summary = TextId::drill_summary,
          .positionals = {{.name = "WORD", .help = TextId::drill_words, .repeated = true}},
          .examples = {{"davy drill list", TextId::drill_example_list},
                       {"davy drill mine --pool none --seconds 30", TextId::drill_example_mine}}};
}

bool asks_for_help(std::span<const std::string> words) {
  return !words.empty() && (words.front() == "--help" || words.front() == "-h");
}

// A file that only root, or the very user who runs this, can change.
bool is_trustworthy(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  return (info.st_uid == 0 || info.st_uid == ::geteuid()) && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// Where it is installed, or beside this program, as in a build folder; empty when it is at neither place.
std::string find_twin() {
  if (is_trustworthy(kInstalledTwin)) return kInstalledTwin;
  std::string own(4096, '\0');
  const ssize_t length = ::readlink("/proc/self/exe", own.data(), own.size());
  own.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  const std::string beside = own.substr(0, own.rfind('/') + 1) + "davy-drill";
  return !own.empty() && is_trustworthy(beside) ? beside : std::string();
}

}  // namespace

int run_drill(std::span<const std::string> words, const Surroundings& around) {
  if (asks_for_help(words)) return print_help(spec(), around, around.language);
  const std::string twin = find_twin();
  if (twin.empty()) {
    around.err << "davy: " << text(TextId::drill_missing, around.language) << '\n';
    return kExitWrongUse;
  }
  std::vector<std::string> copies(words.begin(), words.end());
  std::vector<char*> arguments = {const_cast<char*>(twin.c_str())};
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv(twin.c_str(), arguments.data());
  around.err << "davy: " << text(TextId::drill_missing, around.language) << '\n';
  return kExitWrongUse;
}

}  // namespace davy::cli

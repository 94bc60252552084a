#include "cli/drill_command.h"

#include <sys/stat.h>
#include <unistd.h>

#include <ostream>

namespace davy::cli {
namespace {

constexpr const char* kTwinPath = "/usr/lib/davy/davy-drill";

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

// Run as root, the twin must be a file that only root can change.
bool is_trustworthy(const char* path) {
  struct stat info {};
  if (::stat(path, &info) != 0 || !S_ISREG(info.st_mode)) return false;
  return info.st_uid == 0 && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

int run_drill(std::span<const std::string> words, const Surroundings& around) {
  if (asks_for_help(words)) return print_help(spec(), around, around.language);
  if (!is_trustworthy(kTwinPath)) {
    around.err << "davy: " << text(TextId::drill_missing, around.language) << '\n';
    return kExitWrongUse;
  }
  std::vector<std::string> copies(words.begin(), words.end());
  std::vector<char*> arguments = {const_cast<char*>(kTwinPath)};
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv(kTwinPath, arguments.data());
  around.err << "davy: " << text(TextId::drill_missing, around.language) << '\n';
  return kExitWrongUse;
}

}  // namespace davy::cli

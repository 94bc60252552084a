#include "cli/version_command.h"

#include <ostream>

#include "base/json.h"
#include "cli/version.h"

namespace davy::cli {
namespace {

CommandSpec spec() {
  return {.name = "davy version",
          .summary = TextId::version_summary,
          .options = common_options(),
          .examples = {{"davy version", TextId::version_example_plain},
                       {"davy version --format json", TextId::version_example_json}}};
}

}  // namespace

int run_version(std::span<const std::string> words, const Surroundings& around) {
  const auto given = parse_arguments(spec(), words);
  if (!given) return complain(given.error(), around, around.language);
  if (given->has("help")) return print_help(spec(), around, around.language);
  if (given->value("format").value_or("text") == "text") {
    around.out << "davy " << kVersion << '\n';
    return kExitDone;
  }
  Json out = Json::object();
  out.set("type", "version").set("version", kVersion);
  around.out << out.dump() << '\n';
  return kExitDone;
}

}  // namespace davy::cli

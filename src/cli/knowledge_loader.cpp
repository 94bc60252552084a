#include "cli/knowledge_loader.h"

#include <filesystem>

#include "base/file.h"
#include "intel/installed.h"

namespace davy::cli {
namespace {

// Beside the program: as packages install it (bin/ and share/davy/), then as the build leaves it.
std::vector<std::string> places_beside_the_program() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto folder = program.parent_path();
  return {(folder / "../share/davy/davy.pack").string(), (folder / "../intel/davy.pack").string()};
}

struct FoundPack {
  std::string path;
  Bytes bytes;
};

// A pack that somebody named must be there; of the usual places the first that has one counts, even if it is refused
// afterwards, because a pack that was tampered with must not be passed over silently.
Result<FoundPack> find_pack(const CommonChoices& choices) {
  const std::string named = choices.intel.value_or(choices.settings.text("intel.pack"));
  if (!named.empty()) {
    Bytes bytes = TRY(read_file(named, intel::kPackBytesMax));
    return FoundPack{named, std::move(bytes)};
  }
  std::vector<std::string> places = {std::string(intel::kInstalledFolder) + "/" + intel::kCurrentPack};
  for (std::string& place : places_beside_the_program()) places.push_back(std::move(place));
  for (const std::string& place : places) {
    auto bytes = read_file(place, intel::kPackBytesMax);
    if (bytes) return FoundPack{place, std::move(*bytes)};
    if (bytes.error().code != ErrorCode::not_found) return tl::unexpected<Error>(bytes.error());
  }
  return fail(ErrorCode::not_found, text(TextId::intel_missing, choices.language));
}

}  // namespace

Result<LoadedKnowledge> load_knowledge(const CommonChoices& choices) {
  const intel::TrustStore trust = TRY(intel::TrustStore::built_in());
  const Timestamp now = SystemClock().now();
  const FoundPack pack = TRY(find_pack(choices));
  intel::Knowledge known = TRY(about(pack.path, intel::Knowledge::load(pack.bytes, trust, now)));
  for (const std::string& path : choices.settings.list("intel.extra_packs")) {
    const Bytes extra = TRY(read_file(path, intel::kPackBytesMax));
    TRY(about(path, known.add_extra(extra, trust, now)));
  }
  auto catalogue = TRY(about(pack.path, detection::Catalogue::parse(known.part("evidence"))));
  return LoadedKnowledge{std::move(known), std::move(catalogue)};
}

}  // namespace davy::cli

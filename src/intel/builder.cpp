#include "intel/builder.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "intel/knowledge.h"
#include "intel/yaml_source.h"

namespace davy::intel {
namespace {

using JsonParts = std::map<std::string, Json>;

Result<Json> read_yaml(const std::string& path) {
  const Bytes bytes = TRY(read_file(path, kYamlBytesMax));
  Json out = TRY(parse_yaml(as_text(bytes), path));
  if (!out.is_object()) return fail(ErrorCode::malformed, "not a mapping", path);
  return out;
}

Status check_sources(const Json& entry, const std::set<std::string, std::less<>>& declared, const std::string& path) {
  for (const Json& source : entry["sources"].items())
    if (!declared.contains(source.string_or("")))
      return fail(ErrorCode::malformed, path + " does not declare the source of an entry",
                  std::string(entry["host"].string_or("")));
  return {};
}

Status check_entries(const Json& part, const std::string& path) {
  std::set<std::string, std::less<>> declared;
  for (const auto& [name, about] : part["sources"].members()) declared.insert(name);
  if (!part["entries"].is_array()) return fail(ErrorCode::malformed, "a list of names has entries", path);
  std::set<std::string, std::less<>> seen;
  for (const Json& entry : part["entries"].items()) {
    const std::string host = match::normal_name(entry["host"].string_or(""));
    if (!seen.insert(host).second) return fail(ErrorCode::malformed, path + " has a host twice", host);
    TRY(check_sources(entry, declared, path));
  }
  return {};
}

Result<std::vector<std::string>> evidence_files(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    if (file.path().extension() == ".yaml") out.push_back(file.path().string());
    if (out.size() > kEvidenceFilesMax)
      return fail(ErrorCode::limit_exceeded, "too many files of evidence kinds", folder);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return fail_errno(error.value(), "cannot list evidence kinds", folder);
  std::ranges::sort(out);
  return out;
}

Result<Json> join_evidence(const std::string& folder) {
  Json kinds = Json::array();
  for (const std::string& path : TRY(evidence_files(folder))) {
    const Json file = TRY(read_yaml(path));
    if (!file["kinds"].is_array()) return fail(ErrorCode::malformed, "a file of evidence has kinds", path);
    for (const Json& kind : file["kinds"].items()) kinds.push(kind);
  }
  Json out = Json::object();
  out.set("kinds", std::move(kinds));
  return out;
}

// The texts of the parts, once loading them has been tried.
Result<PackParts> finish(JsonParts parts) {
  PackParts out;
  for (const auto& [name, part] : parts) out.emplace(name, part.dump());
  TRY(Knowledge::from_parts(std::move(parts), "0"));
  return out;
}

}  // namespace

Result<PackParts> build_parts(const std::string& data_folder) {
  JsonParts parts;
  for (const char* name : {"pools", "coin_sites", "ports", "families", "efficiency", "resolvers", "miner_makers",
                           "pool_errors", "proof_constants"}) {
    const std::string path = data_folder + "/intel/" + name + ".yaml";
    parts[name] = TRY(read_yaml(path));
    if (name == std::string_view("pools") || name == std::string_view("coin_sites"))
      TRY(check_entries(parts[name], path));
  }
  parts["evidence"] = TRY(join_evidence(data_folder + "/evidence"));
  return finish(std::move(parts));
}

Result<ExtraParts> build_extra(const std::string& file) {
  const Json source = TRY(read_yaml(file));
  TRY(check_entries(source, file));
  const std::string_view entry_class = source["class"].string_or("");
  if (entry_class != "pool" && entry_class != "coin_site")
    return fail(ErrorCode::malformed, "the class of an extra file is pool or coin_site", file);
  ExtraParts out;
  out.author = source["author"].string_or("");
  if (out.author.empty()) return fail(ErrorCode::malformed, "an extra file names its author", file);
  JsonParts parts;
  Json& part = parts[entry_class == "pool" ? "pools" : "coin_sites"];
  part.set("sources", source["sources"]).set("entries", source["entries"]);
  out.parts = TRY(finish(std::move(parts)));
  return out;
}

}  // namespace davy::intel

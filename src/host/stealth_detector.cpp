#include "host/stealth_detector.h"

#include <algorithm>

#include "host/evidence_parts.h"

namespace davy::host {
namespace {

using model::EvidenceSink;

constexpr std::string_view kKernelNames[] = {
    "kworker",   "kthreadd", "ksoftirqd/", "migration/", "rcu_",    "kswapd", "khugepaged",  "kcompactd", "kdevtmpfs",
    "watchdogd", "jbd2/",    "ksmd",       "kauditd",    "kblockd", "cpuhp/", "kintegrityd", "khungtaskd"};
constexpr std::size_t kCommBytesMax = 15;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == ':' || c == '-' || c == '_' || c == '.';
}

// Programs may show any word as their own name; what counts is that nothing at all explains the one shown.
bool explains(std::string_view name, std::string_view shown) {
  return !name.empty() && (shown.starts_with(name.substr(0, kCommBytesMax)) || name.starts_with(shown));
}

bool name_is_explained(const model::ProcessSeen& seen) {
  for (const std::string_view name : {base_name(seen.exe), base_name(seen.executed_as)})
    if (explains(name, seen.comm)) return true;
  return std::ranges::any_of(seen.argv, [&](const std::string& word) { return explains(base_name(word), seen.comm); });
}

bool arguments_are_explained(const model::ProcessSeen& seen) {
  if (seen.argv.empty() || seen.executed_as.empty()) return true;
  std::string_view first = seen.argv.front();
  if (first.starts_with('-')) first.remove_prefix(1);  // a login shell
  const std::string_view shown = base_name(first.substr(0, first.find_first_of(": ")));
  return shown.empty() || explains(base_name(seen.executed_as), shown) || explains(base_name(seen.exe), shown) ||
         explains(seen.comm, shown);
}

void see_names(const model::ProcessSeen& seen, Timestamp at, EvidenceSink& sink) {
  const std::string first = seen.argv.empty() ? std::string() : seen.argv.front();
  Json detail = Json::object();
  detail.set("shown", is_kernel_thread_name(seen.comm) || first.empty() ? seen.comm : first).set("exe", seen.exe);
  const auto add = [&](const char* kind) { sink.add(evidence(kind, key_of(seen.process), at, detail, first)); };
  if (is_kernel_thread_name(seen.comm) || is_kernel_thread_name(first)) return add("process.kernel_thread_name");
  detail.set("shown", seen.comm);
  if (!name_is_explained(seen)) add("name.differs_from_image");
  detail.set("shown", first).set("executed_as", seen.executed_as);
  if (!arguments_are_explained(seen)) add("arguments.rewritten");
}

void see_process(const model::ProcessSeen& seen, Timestamp at, EvidenceSink& sink) {
  if (seen.kernel_thread || !seen.has_user_memory) return;
  see_names(seen, at, sink);
  Json detail = Json::object();
  detail.set("exe", seen.exe);
  const auto add = [&](const char* kind) { sink.add(evidence(kind, key_of(seen.process), at, detail, seen.exe)); };
  if (seen.exe_in_memory) return add("image.in_memory");
  if (is_deleted(seen.exe)) add(seen.exe_replaced ? "image.deleted_replaced" : "image.deleted");
}

void see_hidden(const model::HiddenSeen& seen, Timestamp at, EvidenceSink& sink) {
  if (seen.walks < kHiddenWalks) return;
  Json ways = Json::array();
  if (seen.missing_in_proc) ways.push("proc");
  if (seen.missing_in_library) ways.push("readdir");
  if (seen.covered) ways.push("mount");
  if (ways.items().empty()) return;
  Json detail = Json::object();
  detail.set("ways", std::move(ways))
      .set("walks", seen.walks)
      .set("witness", seen.witness)
      .set("pid", seen.process.pid);
  sink.add(evidence("process.hidden", key_of(seen.process), at, detail));
  sink.add(evidence("listing.disagrees", key_of(seen.process), at, detail));
}

void see_rhythm(const model::ProcessLoad& seen, Timestamp at, EvidenceSink& sink) {
  const std::uint32_t running = seen.looks - std::min(seen.looks, seen.looks_stopped);
  if (seen.looks_stopped < kStopLooksMin || running < kStopLooksMin || seen.cpu_ns == 0) return;
  Json detail = Json::object();
  detail.set("looks", seen.looks).set("stopped", seen.looks_stopped);
  sink.add(evidence("process.stop_continue", key_of(seen.process), at, std::move(detail)));
}

void see_preload(const model::PreloadSeen& seen, Timestamp at, EvidenceSink& sink) {
  Json foreign = Json::array();
  for (std::size_t i = 0; i < seen.libraries.size(); ++i)
    if (i >= seen.packages.size() || seen.packages[i].empty()) foreign.push(seen.libraries[i]);
  Json detail = Json::object();
  const bool found = !foreign.items().empty();
  detail.set("path", seen.path).set("libraries", std::move(foreign));
  if (found) sink.add(evidence("library.preloaded", model::host_key(), at, detail));
  if (seen.library_disagrees) sink.add(evidence("preload.disagrees", model::host_key(), at, detail));
}

void see_bpf(const model::BpfProgramSeen& seen, Timestamp at, EvidenceSink& sink) {
  if (!seen.tracing) return;
  Json detail = Json::object();
  detail.set("name", seen.name).set("program_type", seen.program_type).set("id", seen.id);
  sink.add(evidence("bpf.foreign_tracing", model::host_key(), at, std::move(detail), seen.name));
}

}  // namespace

bool is_kernel_thread_name(std::string_view name) {
  const bool bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
  if (bracketed) name = name.substr(1, name.size() - 2);
  if (bracketed && std::ranges::all_of(name, is_plain)) return true;
  return std::ranges::any_of(kKernelNames, [&](std::string_view known) { return name.starts_with(known); });
}

void StealthDetector::observe(const model::Observation& observation, EvidenceSink& sink) {
  const Timestamp at = observation.at;
  if (const auto* process = std::get_if<model::ProcessSeen>(&observation.value)) see_process(*process, at, sink);
  if (const auto* hidden = std::get_if<model::HiddenSeen>(&observation.value)) see_hidden(*hidden, at, sink);
  if (const auto* load = std::get_if<model::ProcessLoad>(&observation.value)) see_rhythm(*load, at, sink);
  if (const auto* preload = std::get_if<model::PreloadSeen>(&observation.value)) see_preload(*preload, at, sink);
  if (const auto* program = std::get_if<model::BpfProgramSeen>(&observation.value)) see_bpf(*program, at, sink);
}

}  // namespace davy::host

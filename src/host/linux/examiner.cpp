#include "host/linux/examiner.h"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <stdexcept>

#include "formats/elf_header.h"

namespace davy::host {
namespace {

using mining::MemoryWindow;

Bytes to_bytes(const Json& json) {
  const std::string text = json.dump();
  return Bytes(text.begin(), text.end());
}

std::vector<MemoryWindow> windows_of(const Json& request, ByteView shared) {
  std::vector<MemoryWindow> out;
  std::size_t at = 0;
  for (const Json& item : request["windows"].items()) {
    const std::size_t bytes = std::min<std::size_t>(item["bytes"].uint_or(0), shared.size() - at);
    out.push_back({static_cast<MemoryWindow::Kind>(item["kind"].int_or(0)), shared.subspan(at, bytes)});
    at += bytes;
  }
  return out;
}

Json look_at_memory(const mining::MemoryScanner& scanner, const Json& request, ByteView shared) {
  const auto marks = scanner.scan(windows_of(request, shared));
  model::MemorySeen seen;
  seen.randomx_code = marks.randomx_code, seen.families = marks.families, seen.texts = marks.texts;
  return to_json(model::Observation{{}, seen});
}

Json look_at_image(const Json& request, ByteView shared) {
  const ByteView file = shared.subspan(0, std::min<std::size_t>(request["bytes"].uint_or(0), shared.size()));
  Json out = Json::object();
  const auto header = formats::parse_elf_header(file);
  if (!header) return out;
  const double entropy = entropy_bits_per_byte(formats::largest_code(*header, file));
  out.set("is_elf", true).set("entropy", entropy).set("sections_absent", !header->has_sections);
  out.set("packed", formats::looks_packed(*header, file, entropy));
  return out;
}

Bytes answer(const mining::MemoryScanner& scanner, ByteView request, ByteView shared) {
  const auto json = Json::parse(as_text(request));
  if (!json) throw std::runtime_error("not a request");
  return to_bytes((*json)["what"].string_or("") == "memory" ? look_at_memory(scanner, *json, shared)
                                                            : look_at_image(*json, shared));
}

Json read_windows(std::int64_t pid, const MemoryPlan& plan, std::span<std::uint8_t> shared, model::MemorySeen& seen) {
  Json list = Json::array();
  std::size_t at = 0;
  for (const PlannedWindow& window : plan.windows) {
    const std::size_t wanted = std::min(window.bytes, shared.size() - at);
    iovec local{shared.data() + at, wanted};
    iovec remote{reinterpret_cast<void*>(window.address), wanted};
    const ssize_t got = ::process_vm_readv(static_cast<pid_t>(pid), &local, 1, &remote, 1, 0);
    const std::size_t have = got > 0 ? static_cast<std::size_t>(got) : 0;
    seen.bytes += have, seen.bytes_left_out += window.bytes - have;
    Json item = Json::object();
    item.set("kind", static_cast<int>(window.kind)).set("bytes", static_cast<std::uint64_t>(have));
    if (have > 0) list.push(std::move(item)), at += have;
  }
  return list;
}

}  // namespace

Result<Examiner> Examiner::start(const Json& proof_constants) {
  const auto scanner = std::make_shared<mining::MemoryScanner>(TRY(mining::MemoryScanner::create(proof_constants)));
  WorkerLimits limits;
  limits.shared_bytes = kExaminerWindowBytes;
  return Examiner(TRY(Worker::start(
      "examiner", limits, [scanner](ByteView request, ByteView shared) { return answer(*scanner, request, shared); })));
}

Result<model::MemorySeen> Examiner::examine_memory(const model::ProcessId& process, const MemoryPlan& plan) {
  model::MemorySeen seen;
  seen.bytes_left_out = plan.bytes_left_out;
  Json request = Json::object();
  request.set("what", "memory").set("windows", read_windows(process.pid, plan, worker_.shared(), seen));
  if (seen.bytes == 0 && !plan.windows.empty()) return fail_errno(errno, "cannot read its memory");
  const Bytes reply = TRY(worker_.call(to_bytes(request), kExaminerTimeout));
  const Json json = TRY(Json::parse(as_text(reply)));
  const auto observation = TRY(model::parse_observation(json));
  const auto* marks = std::get_if<model::MemorySeen>(&observation.value);
  if (marks == nullptr) return fail(ErrorCode::malformed, "the worker answered something else");
  seen.process = process, seen.randomx_code = marks->randomx_code;
  seen.families = marks->families, seen.texts = marks->texts;
  seen.anonymous_code_bytes = plan.anonymous_code_bytes, seen.allocations = plan.allocations;
  return seen;
}

Result<ImageTraits> Examiner::examine_image(ByteView file) {
  const std::size_t bytes = std::min(file.size(), worker_.shared().size());
  std::ranges::copy(file.subspan(0, bytes), worker_.shared().begin());
  Json request = Json::object();
  request.set("what", "image").set("bytes", static_cast<std::uint64_t>(bytes));
  const Bytes reply = TRY(worker_.call(to_bytes(request), kExaminerTimeout));
  const Json json = TRY(Json::parse(as_text(reply)));
  return ImageTraits{json["is_elf"].bool_or(false), json["packed"].bool_or(false),
                     json["sections_absent"].bool_or(false), json["entropy"].double_or(0.0)};
}

}  // namespace davy::host

#include "host/image_detector.h"

#include "host/evidence_parts.h"

namespace davy::host {
namespace {

// An image in memory has no path of its own: its content names it.
model::FileSubject subject_of(const model::ImageSeen& seen) {
  const bool nameless = seen.path.empty() || seen.path.starts_with("/memfd:");
  return {
      .path = nameless ? "memfd:" + seen.sha256 : seen.path, .member = "", .sha256 = seen.sha256, .size = seen.size};
}

}  // namespace

void ImageDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  const auto* seen = std::get_if<model::ImageSeen>(&observation.value);
  if (seen == nullptr) return;
  const model::FileSubject file = subject_of(*seen);
  const model::SubjectKey key = model::key_of(model::Subject(file));
  sink.describe(file);
  sink.link({key_of(seen->process), key, "image"});
  Json detail = Json::object();
  detail.set("path", seen->path).set("package", seen->package).set("entropy", seen->entropy);
  const auto add = [&](const char* kind) { sink.add(evidence(kind, key, observation.at, detail, seen->path)); };
  if (seen->packed) add("image.packed");
  if (seen->is_elf && seen->sections_absent && !seen->packed) add("image.no_sections");
  if (seen->package_state == "unowned" && seen->writable_place) add("image.writable_place");
  if (seen->package_state == "changed") add("image.package_changed");
  if (seen->package_state == "unchanged" && !seen->script_interpreter) add("package.unchanged");
}

}  // namespace davy::host

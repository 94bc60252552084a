#include "host/subject_detector.h"

#include "host/detectors.h"
#include "host/evidence_parts.h"

namespace davy::host {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out.substr(0, model::kCommandLineBytesMax);
}

}  // namespace

void SubjectDetector::see(const model::ProcessSeen& seen, model::EvidenceSink& sink) {
  if (processes_.size() >= kProcessesKeptMax && !processes_.contains(seen.process)) return;
  model::ProcessSubject& subject = processes_[seen.process];
  subject.host = host_.host;
  subject.pid = seen.process.pid, subject.start_boottime_ns = seen.process.start_boottime_ns;
  subject.start_time = {host_.boot_time_ns + static_cast<std::int64_t>(seen.process.start_boottime_ns)};
  subject.exe = seen.exe, subject.user = seen.user, subject.lineage = seen.lineage;
  subject.ended = seen.ended;
  subject.cmdline = seen.argv.empty() ? "[" + seen.comm + "]" : joined(seen.argv);
  if (!seen.container.empty()) subject.container = seen.container;
  sink.describe(subject);
}

void SubjectDetector::observe(const model::Observation& observation, model::EvidenceSink& sink) {
  if (const auto* host = std::get_if<model::HostSeen>(&observation.value)) {
    host_ = *host;
    sink.describe(model::HostSubject{host_.host});
  } else if (const auto* process = std::get_if<model::ProcessSeen>(&observation.value)) {
    see(*process, sink);
  } else if (const auto* image = std::get_if<model::ImageSeen>(&observation.value)) {
    const auto at = processes_.find(image->process);
    if (at == processes_.end()) return;
    at->second.sha256 = image->sha256;
    sink.describe(at->second);
  } else if (const auto* load = std::get_if<model::ProcessLoad>(&observation.value)) {
    const auto at = processes_.find(load->process);
    if (at == processes_.end() || load->interval_ns == 0) return;
    at->second.cores = static_cast<double>(load->cpu_ns) / static_cast<double>(load->interval_ns);
    sink.describe(at->second);
  }
}

}  // namespace davy::host

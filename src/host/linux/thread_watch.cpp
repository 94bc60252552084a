#include "host/linux/thread_watch.h"

#include <utility>

#include "mining/randomx.h"

namespace davy::host {

ThreadWatch::Process* ThreadWatch::process_of(const TaskRecord& record, Nanoseconds now) {
  const model::ProcessId id{record.pid, record.start_boottime_ns};
  const auto at = processes_.find(id);
  if (at != processes_.end()) return &at->second;
  if (processes_.size() >= kTasksMax) {
    ++lost_;
    return nullptr;
  }
  Process& process = processes_[id];
  process.first_seen = now;
  return &process;
}

// The same pid with another image (after exec) starts anew: what it was acquitted of, something else did.
void ThreadWatch::note_leader(Process& process, const TaskRecord& record) const {
  const ImageKey image{record.exe_device, record.exe_inode};
  if (process.image != image) {
    process.image = image;
    process.samples = 0, process.changed_control = process.acquitted_changed = process.asked_image = false;
    process.acquitted_until = process.watched_since = Nanoseconds(-1);
  }
  ++process.looks;
  if (record.stopped) ++process.looks_stopped;
}

model::ThreadSample ThreadWatch::sample_of(const TaskRecord& record, std::uint64_t gained, Nanoseconds interval) const {
  model::ThreadSample out;
  out.process = {record.pid, record.start_boottime_ns};
  out.tid = record.tid, out.cpu_ns = gained;
  out.interval_ns = static_cast<std::uint64_t>(interval.count());
  out.has_fp_control = use_fp_control_ && record.has_fp_control;
  out.fp_control = out.has_fp_control ? record.fp_control : 0;
  out.architecture = architecture_, out.source = source_;
  return out;
}

void ThreadWatch::advance(const model::ProcessId& id, Process& process, std::uint64_t gained, Nanoseconds now) {
  process.gain_ns += gained;
  if (process.gain_ns < kSuspectGainNs) return;
  process.gain_ns = 0, process.active_at = now;
  active_.emplace(id, &process);
}

std::vector<model::ThreadSample> ThreadWatch::see(std::span<const TaskRecord> walk, Nanoseconds now) {
  std::vector<model::ThreadSample> out;
  for (const TaskRecord& record : walk) {
    if (record.kernel_thread || never_.contains(record.pid)) continue;
    Process* process = process_of(record, now);
    if (process == nullptr) continue;
    if (record.tid == record.pid) note_leader(*process, record);
    const auto [thread_at, is_new] = process->threads.try_emplace(record.tid);
    Thread& thread = thread_at->second;
    if (is_new && process->first_seen == now) {
      thread.first_cpu_ns = thread.sampled_cpu_ns = record.cpu_ns, thread.first_switches = record.voluntary_switches;
      thread.sampled = now;
    } else if (is_new) {
      thread.sampled = process->first_seen;  // it came later and did all of its work while observed
    }
    if (const std::uint64_t gained = record.cpu_ns - std::min(record.cpu_ns, thread.sampled_cpu_ns);
        gained >= kSampleGainNs) {
      out.push_back(sample_of(record, gained, now - thread.sampled));
      thread.sampled_cpu_ns = record.cpu_ns, thread.sampled = now;
      advance({record.pid, record.start_boottime_ns}, *process, gained, now);
    }
    thread.last_cpu_ns = record.cpu_ns, thread.last_switches = record.voluntary_switches;
    thread.cpu = record.last_cpu;
  }
  return out;
}

void ThreadWatch::weigh(std::span<const model::ThreadSample> samples, Nanoseconds now) {
  for (const model::ThreadSample& sample : samples) {
    const auto at = processes_.find(sample.process);
    if (at == processes_.end() || !sample.has_fp_control) continue;
    Process& process = at->second;
    ++process.samples;
    const auto control = mining::decode_fp_control(architecture_, sample.fp_control);
    if (control.rounding_mode == 0 && !control.flushes_denormals) continue;
    if (!process.acquitted_changed && process.acquitted_until >= now) {
      process.acquitted_until = process.watched_since = Nanoseconds(-1);
      process.samples = 0;
    }
    process.changed_control = process.asked_image = true;
    images_.erase(process.image);
  }
}

void ThreadWatch::acquit(std::int64_t pid, Process& process, Nanoseconds now) {
  const bool well_seen = process.samples >= kAcquittalSamples;
  process.acquitted_until = now + (well_seen ? kAcquittalLasts : kShortAcquittal);
  process.acquitted_changed = std::exchange(process.changed_control, false);
  process.watched_since = Nanoseconds(-1);
  process.samples = 0;
  if (!well_seen || process.acquitted_changed || process.image.second == 0 || images_.size() >= kImagesMax) return;
  if (std::string digest = image_digest_(pid); !digest.empty())
    images_[process.image] = {std::move(digest), process.acquitted_until};
}

bool ThreadWatch::is_acquitted(std::int64_t pid, Process& process, Nanoseconds now) {
  if (process.acquitted_until >= now) return true;
  if (process.watched_since < Nanoseconds(0)) process.watched_since = now;
  if (const auto image = images_.find(process.image); !process.asked_image && image != images_.end()) {
    process.asked_image = true;
    if (image->second.acquitted_until >= now && image->second.digest == image_digest_(pid)) {
      process.acquitted_until = image->second.acquitted_until;
      process.watched_since = Nanoseconds(-1);
      return true;
    }
  }
  const Nanoseconds enough = process.changed_control ? kWatchTimeChanged : kWatchTime;
  if (now - process.watched_since < enough) return false;
  acquit(pid, process, now);
  return true;
}

std::set<std::int64_t> ThreadWatch::suspects(Nanoseconds now) {
  std::set<std::int64_t> out;
  std::erase_if(active_, [&](const auto& item) { return item.second->active_at + kActiveFor < now; });
  for (const auto& [id, process] : active_)
    if (out.size() < kWatchedMax && !is_acquitted(id.pid, *process, now)) out.insert(id.pid);
  return out;
}

std::vector<std::uint32_t> ThreadWatch::busy_processors(Nanoseconds now) const {
  std::set<std::uint32_t> out;
  for (const auto& [id, process] : active_) {
    if (process->active_at + kActiveFor < now) continue;
    for (const auto& [tid, thread] : process->threads)
      if (thread.sampled + kActiveFor >= now) out.insert(thread.cpu);
  }
  return {out.begin(), out.end()};
}

std::vector<model::ProcessLoad> ThreadWatch::loads(Nanoseconds now) const {
  std::vector<model::ProcessLoad> out;
  for (const auto& [id, process] : processes_) {
    model::ProcessLoad load;
    load.process = id, load.interval_ns = static_cast<std::uint64_t>((now - process.first_seen).count());
    load.looks = process.looks, load.looks_stopped = process.looks_stopped;
    for (const auto& [tid, thread] : process.threads) {
      load.cpu_ns += thread.last_cpu_ns - thread.first_cpu_ns;
      load.lifetime_cpu_ns += thread.last_cpu_ns;
      load.voluntary_switches += thread.last_switches - thread.first_switches;
    }
    if (load.cpu_ns > 0) out.push_back(load);
  }
  return out;
}

}  // namespace davy::host

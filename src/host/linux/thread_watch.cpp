#include "host/linux/thread_watch.h"

#include "mining/randomx.h"

namespace davy::host {

// The same pid with another image (after exec) starts anew: what it was acquitted of, something else did.
void ThreadWatch::note_leader(Process& process, const TaskRecord& record) const {
  if (process.image_inode != record.exe_inode || process.image_device != record.exe_device) {
    process.quiet_samples = 0, process.acquitted_until = Nanoseconds(-1);
    process.image_inode = record.exe_inode, process.image_device = record.exe_device;
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

void ThreadWatch::judge(Process& process, const model::ThreadSample& sample, Nanoseconds now) const {
  process.advanced_at = now;
  if (!sample.has_fp_control) return;
  const auto control = mining::decode_fp_control(architecture_, sample.fp_control);
  if (control.rounding_mode != 0 || control.flushes_denormals) process.changed_control = true;
  else ++process.quiet_samples;
  if (process.changed_control || process.quiet_samples < kAcquittalSamples) return;
  process.acquitted_until = now + kAcquittalLasts;
  process.quiet_samples = 0;
}

std::vector<model::ThreadSample> ThreadWatch::see(std::span<const TaskRecord> walk, Nanoseconds now) {
  std::vector<model::ThreadSample> out;
  for (const TaskRecord& record : walk) {
    if (record.kernel_thread || never_.contains(record.pid)) continue;
    const auto [at, is_new] = processes_.try_emplace({record.pid, record.start_boottime_ns});
    Process& process = at->second;
    if (is_new) process.first_seen = now;
    if (record.tid == record.pid) note_leader(process, record);
    const auto [thread_at, is_new_thread] = process.threads.try_emplace(record.tid);
    Thread& thread = thread_at->second;
    if (is_new_thread) {
      // A thread that came after its process was first seen did all of its work while observed.
      const bool observed = !is_new && process.first_seen != now;
      thread.first_cpu_ns = observed ? 0 : record.cpu_ns,
      thread.first_switches = observed ? 0 : record.voluntary_switches;
    } else if (record.cpu_ns > thread.last_cpu_ns) {
      out.push_back(sample_of(record, record.cpu_ns - thread.last_cpu_ns, now - thread.seen));
      judge(process, out.back(), now);
    }
    thread.last_cpu_ns = record.cpu_ns, thread.last_switches = record.voluntary_switches;
    thread.seen = now, thread.cpu = record.last_cpu;
  }
  return out;
}

std::set<std::int64_t> ThreadWatch::suspects(Nanoseconds now) const {
  std::set<std::int64_t> out;
  for (const auto& [id, process] : processes_)
    if (process.advanced_at >= Nanoseconds(0) && process.acquitted_until < now && out.size() < kWatchedMax)
      out.insert(id.pid);
  return out;
}

std::vector<std::uint32_t> ThreadWatch::processors(const std::set<std::int64_t>& pids) const {
  std::set<std::uint32_t> out;
  for (const auto& [id, process] : processes_)
    if (pids.contains(id.pid))
      for (const auto& [tid, thread] : process.threads) out.insert(thread.cpu);
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

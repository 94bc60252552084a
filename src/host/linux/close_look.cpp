#include "host/linux/close_look.h"

#include <algorithm>
#include <set>
#include <thread>

#include "host/image_path.h"
#include "host/linux/examination.h"
#include "host/linux/image_reader.h"
#include "host/linux/memory_maps.h"
#include "host/linux/package_owner.h"
#include "host/linux/proc_root.h"
#include "host/linux/proc_stat.h"
#include "host/stealth_detector.h"

namespace davy::host {
namespace {

constexpr std::chrono::milliseconds kIoWindow{100};

bool is_disguised(const model::ProcessSeen& seen) {
  if (seen.kernel_thread || !seen.has_user_memory) return false;
  const bool borrowed_name =
      is_kernel_thread_name(seen.comm) || (!seen.argv.empty() && is_kernel_thread_name(seen.argv.front()));
  return seen.exe_in_memory || borrowed_name || (is_deleted(seen.exe) && !seen.exe_replaced);
}

// Read and write calls since the process started; nothing when unreadable.
Result<std::uint64_t> io_calls_of(int proc_fd, std::int64_t pid) {
  const std::string text = TRY(read_proc(proc_fd, std::to_string(pid) + "/io", 4096));
  const std::uint64_t reads = TRY(parse_status_field(text, "syscr"));
  return reads + TRY(parse_status_field(text, "syscw"));
}

std::map<model::ProcessId, std::uint64_t> all_io_calls(int proc_fd, const std::vector<model::ProcessId>& processes) {
  std::map<model::ProcessId, std::uint64_t> out;
  for (const model::ProcessId& process : processes)
    if (const auto calls = io_calls_of(proc_fd, process.pid)) out[process] = *calls;
  return out;
}

void read_images(const CloseLookScope& scope, const std::vector<model::ProcessId>& suspects,
                 const DescribedProcesses& described, CloseLookResult& out) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, ReadImage> by_file;  // one image, many processes
  std::vector<ReadImage> images;
  std::vector<std::string> paths;
  for (const model::ProcessId& id : suspects) {
    const model::ProcessSeen& process = described.at(id);
    const std::pair file{process.exe_device, process.exe_inode};
    const auto known = by_file.find(file);
    Result<ReadImage> image =
        known != by_file.end() ? Result<ReadImage>(known->second) : read_image(scope.proc_fd, process, scope.examiner);
    if (!image) {
      if (image.error().code == ErrorCode::limit_exceeded) ++out.over_limit;
      else if (image.error().code != ErrorCode::not_found) ++out.unreadable;  // else it has ended meanwhile
      continue;
    }
    if (process.exe_inode != 0) by_file.emplace(file, *image);
    image->seen.process = id, image->seen.path = process.exe;
    paths.push_back(process.exe);
    images.push_back(std::move(*image));
  }
  const PackageAnswers packages = find_packages(paths);
  out.packages_known = packages.known;
  for (ReadImage& image : images) {
    place_image(image, packages);
    out.images.push_back(std::move(image.seen));
  }
}

Result<model::MemorySeen> read_memory(const CloseLookScope& scope, const model::ProcessSeen& process) {
  const Nanoseconds start = scope.clock->monotonic();
  const std::string maps = TRY(read_proc(scope.proc_fd, std::to_string(process.process.pid) + "/maps", kMapsBytesMax));
  const MemoryPlan plan = plan_memory(parse_maps(maps), process.exe);
  model::MemorySeen seen = TRY(scope.examiner->examine_memory(process.process, plan));
  seen.milliseconds = static_cast<double>((scope.clock->monotonic() - start).count()) / 1e6;
  return seen;
}

void read_memories(const CloseLookScope& scope, const std::vector<model::ProcessId>& suspects,
                   const DescribedProcesses& described, CloseLookResult& out) {
  const Nanoseconds deadline = scope.clock->monotonic() + kCloseLookTime;
  for (const model::ProcessId& id : suspects) {
    if (scope.clock->monotonic() > deadline) {
      ++out.over_limit;
      continue;
    }
    auto memory = read_memory(scope, described.at(id));
    if (memory) {
      out.memories.push_back(std::move(*memory));
      continue;
    }
    if (memory.error().code == ErrorCode::not_found) continue;  // it has ended meanwhile
    ++out.unreadable;
    out.why_no_memory = describe(memory.error());
  }
}

}  // namespace

std::vector<model::ProcessId> choose_suspects(std::span<const model::ProcessLoad> loads,
                                              const DescribedProcesses& described,
                                              std::span<const model::HiddenSeen> hidden) {
  std::vector<model::ProcessId> out;
  std::set<model::ProcessId> chosen;
  const auto choose = [&](const model::ProcessId& id) {
    const auto at = described.find(id);
    if (at != described.end() && !at->second.kernel_thread && chosen.insert(id).second) out.push_back(id);
  };
  for (const model::HiddenSeen& seen : hidden)
    if (seen.walks >= kHiddenWalks) choose(seen.process);
  for (const auto& [id, seen] : described)
    if (is_disguised(seen)) choose(id);
  std::vector<model::ProcessLoad> busy(loads.begin(), loads.end());
  std::ranges::stable_sort(busy, std::greater(), &model::ProcessLoad::cpu_ns);
  for (const model::ProcessLoad& load : busy)
    if (static_cast<double>(load.cpu_ns) >= kCloseLookShare * static_cast<double>(load.interval_ns))
      choose(load.process);
  return out;
}

CloseLookResult look_closely(const CloseLookScope& scope, const std::vector<model::ProcessId>& chosen,
                             const DescribedProcesses& described) {
  CloseLookResult out;
  const std::vector<model::ProcessId> suspects(
      chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(std::min(chosen.size(), kSuspectsMax)));
  out.over_limit = chosen.size() - suspects.size();
  const Nanoseconds start = scope.clock->monotonic();
  const auto calls_before = all_io_calls(scope.proc_fd, suspects);
  if (scope.memory && scope.examiner != nullptr) read_memories(scope, suspects, described, out);
  else if (scope.memory) out.why_no_memory = "the worker could not be started";
  read_images(scope, suspects, described, out);
  const Nanoseconds window = std::max<Nanoseconds>(kIoWindow, scope.clock->monotonic() - start);
  std::this_thread::sleep_for(start + window - scope.clock->monotonic());
  for (const auto& [id, after] : all_io_calls(scope.proc_fd, suspects))
    if (const auto before = calls_before.find(id); before != calls_before.end())
      out.io_calls[id] = (after - before->second) * 1'000'000'000 / static_cast<std::uint64_t>(window.count());
  return out;
}

}  // namespace davy::host

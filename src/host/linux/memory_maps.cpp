#include "host/linux/memory_maps.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/lines.h"
#include "mining/randomx.h"

namespace davy::host {
namespace {

using Kind = mining::MemoryWindow::Kind;

// Reads a number and the one character behind it.
template <class T>
bool take_number(std::string_view& text, int base, char behind, T& value) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
  const auto length = static_cast<std::size_t>(read.ptr - text.data());
  if (read.ec != std::errc() || length >= text.size() || text[length] != behind) return false;
  text.remove_prefix(length + 1);
  return true;
}

bool skip_word(std::string_view& text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return false;
  text.remove_prefix(space + 1);
  return true;
}

bool parse_line(std::string_view line, MapRegion& out) {
  if (!take_number(line, 16, '-', out.start) || !take_number(line, 16, ' ', out.end) || out.end < out.start)
    return false;
  if (line.size() < 5 || line[4] != ' ') return false;
  out.readable = line[0] == 'r', out.writable = line[1] == 'w', out.executable = line[2] == 'x',
  out.shared = line[3] == 's';
  line.remove_prefix(5);
  if (!skip_word(line) || !skip_word(line)) return false;  // offset, device
  const auto read = std::from_chars(line.data(), line.data() + line.size(), out.inode);
  if (read.ec != std::errc()) return false;
  line.remove_prefix(static_cast<std::size_t>(read.ptr - line.data()));
  while (line.starts_with(' ')) line.remove_prefix(1);
  out.path = line;
  return true;
}

class Planner {
 public:
  void add(Kind kind, const MapRegion& region, std::size_t& budget) {
    const std::uint64_t wanted = std::min<std::uint64_t>(region.bytes(), kRegionBytesMax);
    const std::uint64_t taken = std::min<std::uint64_t>({wanted, budget, kMemoryBytesMax - plan_.bytes});
    plan_.bytes_left_out += wanted - taken;
    if (taken == 0) return;
    plan_.windows.push_back({kind, region.start, static_cast<std::size_t>(taken)});
    plan_.bytes += taken, budget -= static_cast<std::size_t>(taken);
  }
  MemoryPlan& plan() { return plan_; }

 private:
  MemoryPlan plan_;
};

bool is_code(const MapRegion& r) { return r.readable && r.executable && r.anonymous() && !r.path.starts_with("[v"); }
bool is_file(const MapRegion& r) { return r.readable && !r.shared && r.inode != 0; }
bool is_data(const MapRegion& r) { return r.readable && r.writable && !r.executable && r.anonymous(); }

std::vector<const MapRegion*> smallest_first(std::span<const MapRegion> regions, bool (*wanted)(const MapRegion&)) {
  std::vector<const MapRegion*> out;
  for (const MapRegion& region : regions)
    if (wanted(region)) out.push_back(&region);
  std::ranges::stable_sort(out, {}, &MapRegion::bytes);
  return out;
}

std::vector<model::AllocationSeen> known_allocations(std::span<const MapRegion> regions) {
  std::map<std::pair<std::string, std::uint64_t>, std::uint32_t> counts;
  for (const MapRegion& region : regions) {
    if (!region.anonymous()) continue;
    if (const auto what = mining::randomx_allocation(region.bytes())) ++counts[{std::string(*what), region.bytes()}];
  }
  std::vector<model::AllocationSeen> out;
  for (const auto& [key, count] : counts) out.push_back({key.first, key.second, count});
  return out;
}

}  // namespace

std::vector<MapRegion> parse_maps(std::string_view text) {
  std::vector<MapRegion> out;
  while (!text.empty() && out.size() < kMapRegionsMax) {
    const std::string_view line = take_line(text);
    MapRegion region;
    if (parse_line(line, region)) out.push_back(std::move(region));
  }
  return out;
}

MemoryPlan plan_memory(std::span<const MapRegion> regions, std::string_view exe) {
  Planner planner;
  std::size_t code = kCodeBytesMax, file = kFileBytesMax, data = kMemoryBytesMax;
  for (const MapRegion* region : smallest_first(regions, is_code)) {
    planner.plan().anonymous_code_bytes += region->bytes();
    planner.add(Kind::anonymous_code, *region, code);
  }
  const auto files = smallest_first(regions, is_file);
  for (const bool own : {true, false})
    for (const MapRegion* region : files)
      if ((region->path == exe) == own) planner.add(Kind::file_data, *region, file);
  for (const MapRegion* region : smallest_first(regions, is_data)) planner.add(Kind::anonymous_data, *region, data);
  planner.plan().allocations = known_allocations(regions);
  return std::move(planner.plan());
}

}  // namespace davy::host

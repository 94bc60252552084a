// Which parts of a process's memory are worth reading, chosen from /proc/PID/maps alone (never smaps: reading that of a
// large process takes longer than everything else together).
//
// Pure; thread-safe. Limits: kMapRegionsMax regions, kMemoryBytesMax bytes planned; what is left out is counted.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mining/memory_scanner.h"
#include "model/observation.h"

namespace davy::host {

inline constexpr std::size_t kMapRegionsMax = 65'536;
inline constexpr std::size_t kMapsBytesMax = 8U << 20;
inline constexpr std::size_t kMemoryBytesMax = 6U << 20;    // handed to the worker for one process
inline constexpr std::size_t kCodeBytesMax = 2U << 20;      // of them from anonymous executable pages
inline constexpr std::size_t kFileBytesMax = 2U << 20;      // of them from mapped files
inline constexpr std::size_t kRegionBytesMax = 512U << 10;  // of one region

struct MapRegion {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  bool readable = false, writable = false, executable = false, shared = false;
  std::uint64_t inode = 0;
  std::string path;  // raw bytes; "[heap]", "[stack]", empty for anonymous memory

  std::uint64_t bytes() const { return end - start; }
  bool anonymous() const { return inode == 0 && (path.empty() || path.starts_with('[') || path.starts_with("//anon")); }
};

// Lines that are not of the form are left out.
std::vector<MapRegion> parse_maps(std::string_view text);

struct PlannedWindow {
  mining::MemoryWindow::Kind kind;
  std::uint64_t address = 0;
  std::size_t bytes = 0;
};

struct MemoryPlan {
  std::vector<PlannedWindow> windows;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_left_out = 0;  // of the kinds that are read: beyond the limits
  std::uint64_t anonymous_code_bytes = 0;
  std::vector<model::AllocationSeen> allocations;
};

// Anonymous code first, then what the image file `exe` and libraries map, then small writable memory, smallest first.
MemoryPlan plan_memory(std::span<const MapRegion> regions, std::string_view exe);

}  // namespace davy::host

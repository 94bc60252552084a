#include "host/linux/memory_maps.h"

#include <gtest/gtest.h>

namespace davy::host {
namespace {

using Kind = mining::MemoryWindow::Kind;

TEST(MemoryMaps, ReadsLinesAndLeavesOutTheRest) {
  const auto regions = parse_maps(
      "55d0-55d8 r-xp 00001000 fe:01 1234   /opt/a b\n"
      "nonsense\n"
      "7000-6000 rw-p 00000000 00:00 0\n"
      "8000-9000 rw-p 00000000 00:00 0 \n"
      "a000-b000 r--s 00000000 00:05 77 /dev/zero (deleted)");
  ASSERT_EQ(regions.size(), 3U);
  EXPECT_EQ(regions[0].path, "/opt/a b");
  EXPECT_EQ(regions[0].inode, 1234U);
  EXPECT_TRUE(regions[0].executable);
  EXPECT_TRUE(regions[1].anonymous());
  EXPECT_TRUE(regions[2].shared);
}

MapRegion region(std::uint64_t start, std::uint64_t bytes, const char* rights, std::uint64_t inode = 0,
                 std::string path = "") {
  return {start, start + bytes, rights[0] == 'r', rights[1] == 'w', rights[2] == 'x', false, inode, std::move(path)};
}

TEST(MemoryPlan, TakesAnonymousCodeFirstThenTheImageThenSmallData) {
  const std::vector<MapRegion> regions = {region(0x1000, 4096, "rw-"), region(0x10000, 8192, "r-x", 5, "/lib/b"),
                                          region(0x20000, 8192, "r--", 6, "/opt/own"), region(0x30000, 65536, "rwx")};
  const auto plan = plan_memory(regions, "/opt/own");
  ASSERT_EQ(plan.windows.size(), 4U);
  EXPECT_EQ(plan.windows[0].kind, Kind::anonymous_code);
  EXPECT_EQ(plan.windows[1].address, 0x20000U);
  EXPECT_EQ(plan.windows[2].address, 0x10000U);
  EXPECT_EQ(plan.windows[3].kind, Kind::anonymous_data);
  EXPECT_EQ(plan.anonymous_code_bytes, 65536U);
}

TEST(MemoryPlan, StaysWithinItsLimitAndCountsWhatIsLeftOut) {
  std::vector<MapRegion> regions;
  for (std::uint64_t i = 1; i <= 100; ++i) regions.push_back(region(i << 32, 1U << 20, "rw-"));
  const auto plan = plan_memory(regions, "");
  EXPECT_EQ(plan.bytes, kMemoryBytesMax);
  EXPECT_EQ(plan.bytes + plan.bytes_left_out, 100 * kRegionBytesMax);
}

TEST(MemoryPlan, SeesTheExactSizesOfRandomX) {
  const auto plan =
      plan_memory(std::vector{region(1U << 20, 268'439'552, "rw-"), region(1ULL << 40, 2'181'042'176, "rw-")}, "");
  ASSERT_EQ(plan.allocations.size(), 2U);
  EXPECT_EQ(plan.allocations[0].what, "randomx.cache");
  EXPECT_EQ(plan.allocations[1].what, "randomx.dataset");
}

}  // namespace
}  // namespace davy::host

#include "host/linux/hidden_check.h"

#include <gtest/gtest.h>

namespace davy::host {
namespace {

Listings listings(std::set<std::int64_t> shown) {
  Listings out;
  out.kernel = {{1, 10}, {2, 20}, {3, 30}};
  out.by_system_call = shown, out.by_library = shown;
  return out;
}

TEST(HiddenCheck, WhoIsMissingOnEveryLookIsReportedWithTheirNumber) {
  HiddenCheck check("bpf.task_iter");
  check.look(listings({1, 2}));
  check.look(listings({1, 2}));
  const auto hidden = check.hidden();
  ASSERT_EQ(hidden.size(), 1U);
  EXPECT_EQ(hidden[0].process.pid, 3);
  EXPECT_EQ(hidden[0].walks, 2U);
  EXPECT_TRUE(hidden[0].missing_in_proc);
  EXPECT_FALSE(hidden[0].missing_in_library);
}

TEST(HiddenCheck, WhoEndsBetweenTheListsIsNotHidden) {
  HiddenCheck check("w");
  check.look(listings({1, 2}));
  check.look(listings({1, 2, 3}));
  EXPECT_TRUE(check.hidden().empty());
}

TEST(HiddenCheck, APidThatIsReusedIsAnotherProcess) {
  HiddenCheck check("w");
  check.look(listings({1, 2}));
  Listings later = listings({1, 2});
  later.kernel[3] = 99;
  check.look(later);
  EXPECT_TRUE(check.hidden().empty());
}

TEST(HiddenCheck, TellsTheThreeWaysApart) {
  HiddenCheck check("w");
  Listings now = listings({1, 2, 3});
  now.by_library.erase(2);
  now.covered.insert(3);
  check.look(now);
  const auto hidden = check.hidden();
  ASSERT_EQ(hidden.size(), 2U);
  EXPECT_TRUE(hidden[0].missing_in_library);
  EXPECT_TRUE(hidden[1].covered);
}

}  // namespace
}  // namespace davy::host

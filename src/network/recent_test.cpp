#include "network/recent.h"

#include <gtest/gtest.h>

#include <string>

namespace davy::network {
namespace {

constexpr Nanoseconds kHour = std::chrono::hours(1);

TEST(Recent, TheLimitHoldsAndTheNewestStay) {
  Recent<int, int> recent(10, kHour);
  for (int i = 0; i < 1'000; ++i) {
    recent.put(i, i, {i});
    EXPECT_LE(recent.size(), 10U);
    for (int back = 0; back < std::min(i + 1, 5); ++back) EXPECT_NE(recent.find(i - back), nullptr) << i;
  }
  EXPECT_EQ(recent.find(0), nullptr);
}

TEST(Recent, WhatIsPutAgainStays) {
  Recent<int, int> recent(10, kHour);
  for (int i = 1; i < 1'000; ++i) recent.put(i, i, {i}), recent.put(0, i, {i});
  ASSERT_NE(recent.find(0), nullptr);
  EXPECT_EQ(*recent.find(0), 999);
}

TEST(Recent, OldThingsAreForgottenWithoutAnyLimitReached) {
  Recent<int, std::string> recent(1'000, kHour);
  recent.put(1, "old", {});
  recent.put(2, "new", Timestamp{} + 2 * kHour);
  EXPECT_NE(recent.find(1), nullptr);  // a generation ago
  recent.put(3, "newer", Timestamp{} + 4 * kHour);
  EXPECT_EQ(recent.find(1), nullptr);
  EXPECT_NE(recent.find(2), nullptr);
}

TEST(Recent, TimeMayGoBackwards) {
  Recent<int, int> recent(4, kHour);
  recent.put(1, 1, Timestamp{} + 5 * kHour);
  recent.put(2, 2, {});
  EXPECT_NE(recent.find(1), nullptr);
  EXPECT_NE(recent.find(2), nullptr);
}

}  // namespace
}  // namespace davy::network

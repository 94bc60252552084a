#include "match/name_set.h"

#include <gtest/gtest.h>

namespace davy::match {
namespace {

TEST(NameSet, AnEntryCoversItselfAndTheNamesBelowIt) {
  NameSet set;
  ASSERT_TRUE(set.add("pool.example.org", 7));
  EXPECT_EQ(set.find("pool.example.org"), 7U);
  EXPECT_EQ(set.find("eu.pool.example.org"), 7U);
  EXPECT_EQ(set.find("a.b.pool.example.org"), 7U);
  EXPECT_EQ(set.find("example.org"), std::nullopt);
  EXPECT_EQ(set.find("org"), std::nullopt);
}

TEST(NameSet, OnlyWholeLabelsCount) {
  NameSet set;
  set.add("pool.example.org", 7);
  EXPECT_EQ(set.find("mypool.example.org"), std::nullopt);
  EXPECT_EQ(set.find("pool.example.org.evil.net"), std::nullopt);
  EXPECT_EQ(set.find("pool-example.org"), std::nullopt);
}

TEST(NameSet, CaseAndOneTrailingDotAreIgnored) {
  NameSet set;
  set.add("Pool.Example.ORG.", 1);
  EXPECT_EQ(set.find("pool.example.org"), 1U);
  EXPECT_EQ(set.find("EU.POOL.example.org."), 1U);
  EXPECT_EQ(set.find("pool.example.org.."), std::nullopt);
}

TEST(NameSet, ExactEntriesDoNotReachBelow) {
  NameSet set;
  set.add("example.org", 3, NameSet::Reach::exact);
  EXPECT_EQ(set.find("example.org"), 3U);
  EXPECT_EQ(set.find("www.example.org"), std::nullopt);
}

TEST(NameSet, TheLongestEntryWins) {
  NameSet set;
  set.add("example.org", 1);
  set.add("pool.example.org", 2);
  set.add("eu.pool.example.org", 3, NameSet::Reach::exact);
  EXPECT_EQ(set.find("www.example.org"), 1U);
  EXPECT_EQ(set.find("x.pool.example.org"), 2U);
  EXPECT_EQ(set.find("eu.pool.example.org"), 3U);
  EXPECT_EQ(set.find("x.eu.pool.example.org"), 2U);
}

TEST(NameSet, OfEqualEntriesTheFirstStays) {
  NameSet set;
  EXPECT_TRUE(set.add("a.org", 1));
  EXPECT_FALSE(set.add("A.ORG", 2));
  EXPECT_EQ(set.find("a.org"), 1U);
  EXPECT_EQ(set.size(), 1U);
}

TEST(NameSet, EmptyAndOverlongNamesAreNeverEntriesAndNeverFound) {
  NameSet set;
  const std::string longest(kNameBytesMax, 'a');
  EXPECT_FALSE(set.add("", 1));
  EXPECT_FALSE(set.add(".", 1));
  EXPECT_FALSE(set.add(longest + "a", 1));
  EXPECT_TRUE(set.add(longest, 1));
  EXPECT_EQ(set.find(longest + "."), 1U);
  EXPECT_EQ(set.find(longest + "a"), std::nullopt);
  EXPECT_EQ(set.find(""), std::nullopt);
}

TEST(NameSet, NamesInOtherScriptsAreComparedAsGiven) {
  NameSet set;
  set.add("xn--fiqs8s.example", 1);
  set.add("矿池.example", 2);
  EXPECT_EQ(set.find("a.XN--FIQS8S.example"), 1U);
  EXPECT_EQ(set.find("a.矿池.example"), 2U);
}

}  // namespace
}  // namespace davy::match

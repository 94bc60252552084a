#include "network/behaviour/host_watch.h"

#include <gtest/gtest.h>

namespace davy::network::behaviour {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

class HostWatchTest : public ::testing::Test, protected model::ObservationSink {
 protected:
  void accept(model::Observation observation) override { seen_.push_back(std::move(observation)); }
  template <class Type>
  std::vector<Type> all() const {
    std::vector<Type> out;
    for (const auto& o : seen_)
      if (const auto* value = std::get_if<Type>(&o.value)) out.push_back(*value);
    return out;
  }

  static Flow flow(const char* client, const char* server, std::uint16_t port, std::int64_t seconds = 1'000) {
    Flow out;
    out.first = *parse_address(client), out.second = *parse_address(server);
    out.first_port = 40'000, out.second_port = port, out.protocol = kTcp;
    out.first_ns = seconds * kSecond, out.last_ns = out.first_ns + kSecond;
    out.packets = {3, 3}, out.bytes = {100, 200}, out.established = true;
    return out;
  }
  void whole(const Flow& flow) {
    watch_.flow_began(flow, Timestamp{flow.first_ns});
    watch_.flow_answered(flow, Timestamp{flow.first_ns});
    watch_.flow_ended(flow);
  }

  std::vector<model::Observation> seen_;
  HostWatch watch_{{.neighbours = true}, *this};
};

TEST_F(HostWatchTest, AWindowIsToldWhenTheNextBegins) {
  for (int i = 0; i < 5; ++i) whole(flow("10.0.0.1", ("203.0.113." + std::to_string(i)).c_str(), 443));
  whole(flow("10.0.0.1", "203.0.113.1", 80));
  EXPECT_TRUE(all<model::HostActivity>().empty());
  whole(flow("10.0.0.1", "203.0.113.1", 80, 1'000 + 900));
  ASSERT_EQ(all<model::HostActivity>().size(), 1U);
  const auto activity = all<model::HostActivity>()[0];
  EXPECT_EQ(activity.address, "10.0.0.1");
  EXPECT_EQ(activity.from_ns, 900 * kSecond);
  EXPECT_EQ(activity.flows, 6U);
  EXPECT_EQ(activity.peers, 5U);
  EXPECT_EQ(activity.brief, 1U) << "of each server and port";
  EXPECT_EQ(activity.bytes_sent, 600U);
  EXPECT_EQ(activity.largest_peer, "203.0.113.1");
}

TEST_F(HostWatchTest, OnlyLocalHostsAreWatchedAndWhatIsDeclaredIsLocal) {
  HostWatch declared({.local = {*parse_network_range("203.0.113.0/24")}}, *this);
  declared.flow_began(flow("203.0.113.1", "198.51.100.1", 443), {1'000 * kSecond});
  declared.finish();
  ASSERT_EQ(all<model::HostActivity>().size(), 1U);
  watch_.flow_began(flow("203.0.113.1", "198.51.100.1", 443), {1'000 * kSecond});
  watch_.finish();
  EXPECT_EQ(all<model::HostActivity>().size(), 1U);
}

TEST_F(HostWatchTest, ALongConnectionIsNotBriefAndAnUnansweredOneIsCounted) {
  Flow slow = flow("10.0.0.1", "203.0.113.1", 443);
  slow.last_ns += 60 * kSecond;
  whole(slow);
  Flow alone = flow("10.0.0.1", "203.0.113.2", 443);
  alone.packets = {1, 0}, alone.bytes = {0, 0}, alone.established = false;
  whole(alone);
  watch_.finish();
  EXPECT_EQ(all<model::HostActivity>()[0].brief, 0U);
  EXPECT_EQ(all<model::HostActivity>()[0].unanswered, 1U);
}

TEST_F(HostWatchTest, NeighboursAreToldOnce) {
  for (int i = 0; i < 3; ++i) whole(flow("10.0.0.1", "10.0.1.1", 445));
  whole(flow("10.0.0.1", "203.0.113.1", 445));
  ASSERT_EQ(all<model::NeighboursSeen>().size(), 1U);
  EXPECT_EQ(all<model::NeighboursSeen>()[0].flow.server, "10.0.1.1");
}

TEST_F(HostWatchTest, ARhythmIsToldAtSixteenContactsAndAtEachDoubling) {
  for (int i = 0; i < 40; ++i) {
    whole(flow("10.0.0.1", "203.0.113.1", 443, 1'000 + i * 300));
    whole(flow("10.0.0.1", "203.0.113.9", 53, 1'000 + i * 300));
  }
  ASSERT_EQ(all<model::ContactsSeen>().size(), 2U);
  EXPECT_EQ(all<model::ContactsSeen>()[1].contacts, 32U);
  EXPECT_NEAR(all<model::ContactsSeen>()[1].gap_seconds, 300, 0.001);
  EXPECT_NEAR(all<model::ContactsSeen>()[1].gap_spread, 0, 0.001);
}

TEST_F(HostWatchTest, MoreHostsAndPeersThanTheLimit) {
  for (std::size_t i = 0; i < kHostsMax + 10; ++i) {
    Flow one = flow("10.0.0.1", "203.0.113.1", 443);
    one.first.bytes[13] = static_cast<std::uint8_t>(i >> 16U), one.first.bytes[14] = static_cast<std::uint8_t>(i >> 8U);
    one.first.bytes[15] = static_cast<std::uint8_t>(i);
    watch_.flow_began(one, {1'000 * kSecond});
  }
  EXPECT_EQ(watch_.left_out(), 10U);
  watch_.finish();
  EXPECT_EQ(all<model::HostActivity>().size(), kHostsMax);
}

TEST(ContactTimes, IrregularVisitsHaveALargeSpread) {
  ContactTimes times;
  const ContactTimes::Pair pair{*parse_address("10.0.0.1"), *parse_address("203.0.113.1"), 443, kTcp};
  std::optional<Rhythm> told;
  std::int64_t at = 0;
  for (int i = 0; i < 17; ++i) {
    at += (i % 4 == 0 ? 500 : i % 4 == 1 ? 3 : i % 4 == 2 ? 60 : 200) * kSecond;
    if (auto rhythm = times.see(pair, {at})) told = rhythm;
  }
  ASSERT_TRUE(told);
  EXPECT_GT(told->gap_spread, kGapSpreadMax);
}

TEST(HostCounts, DistinctThings) {
  std::uint64_t state = 7;
  const auto next = [&] { return state = state * 6364136223846793005ULL + 1442695040888963407ULL, state >> 20U; };
  for (const std::uint64_t many : {1U, 5U, 100U, 2'000U}) {
    Distinct distinct;
    for (std::uint64_t i = 0; i < many; ++i) {
      const std::uint64_t hash = next();
      for (int again = 0; again < 3; ++again) distinct.add(hash);
    }
    EXPECT_NEAR(static_cast<double>(distinct.count()), static_cast<double>(many),
                0.05 * static_cast<double>(many) + 0.5);
  }
  Distinct full;
  for (std::uint64_t i = 0; i < 10 * Distinct::kBits; ++i) full.add(i);
  EXPECT_EQ(full.count(), Distinct::kDistinctMax);
}

TEST(HostCounts, TheLargestStaysAndIsNeverTooLarge) {
  Largest<int, 4> sums;
  EXPECT_EQ(sums.largest().sum, 0U);
  for (int i = 1; i <= 1'000; ++i) sums.add(i, 1), sums.add(7, 10);
  EXPECT_EQ(sums.largest().key, 7);
  EXPECT_LE(sums.largest().sum, 10'001U);
  EXPECT_GE(sums.largest().sum, 9'900U);
}

TEST(NetworkRange, PrefixesOfBothFamilies) {
  const auto four = parse_network_range("10.1.0.0/20"), six = parse_network_range("fd00:1::/33");
  ASSERT_TRUE(four && six);
  EXPECT_TRUE(four->contains(*parse_address("10.1.15.255")));
  EXPECT_FALSE(four->contains(*parse_address("10.1.16.0")));
  EXPECT_TRUE(six->contains(*parse_address("fd00:1:7fff::1")));
  EXPECT_FALSE(six->contains(*parse_address("fd00:1:8000::1")));
  for (const char* bad : {"", "10.1.0.0/33", "10.1.0.0/", "10.1.0.0/-1", "fd00::/129", "ten", "10.1.0.0/8x"})
    EXPECT_FALSE(parse_network_range(bad)) << bad;
  EXPECT_TRUE(parse_network_range("0.0.0.0/0")->contains(*parse_address("203.0.113.1")));
}

}  // namespace
}  // namespace davy::network::behaviour

#include "network/names/name_watch.h"

#include <gtest/gtest.h>

namespace davy::network {
namespace {

using mining::Side;

class NameWatchTest : public ::testing::Test, protected model::ObservationSink {
 protected:
  void accept(model::Observation observation) override {
    seen_.push_back(std::get<model::NameSeen>(observation.value));
  }
  static Address address(const char* text) { return *parse_address(text); }
  static DnsMessage question(const char* name) { return {.questions = {{name, dns::kA}}}; }
  static DnsMessage answer(const char* name, std::vector<DnsRecord> records) {
    return {.response = true, .questions = {{name, dns::kA}}, .answers = std::move(records)};
  }

  const intel::Knowledge knowledge_ = *intel::Knowledge::from_parts(
      {{"pools", *Json::parse(R"({"entries":[{"host":"pool.example.org","sources":["t"]}]})")},
       {"resolvers", *Json::parse(R"({"resolvers":[{"operator":"o","source":"s","names":["dns.example.net"],
                                                    "addresses":["9.9.9.9"]}]})")}},
      "1");
  std::vector<model::NameSeen> seen_;
  NameWatch watch_{knowledge_, *this};
  const Address client_ = address("10.0.0.1");
};

TEST_F(NameWatchTest, AListedNameIsToldOnceForEachClient) {
  for (int i = 0; i < 3; ++i) watch_.see_dns(client_, Side::client, question("eu.pool.example.org"), {1});
  watch_.see_dns(client_, Side::client, question("www.example.org"), {1});
  watch_.see_dns(address("10.0.0.2"), Side::client, question("eu.pool.example.org"), {1});
  ASSERT_EQ(seen_.size(), 2U);
  EXPECT_EQ(seen_[0].source, "dns");
}

TEST_F(NameWatchTest, AddressesAreTiedToTheNameAlsoByAnAliasAndByHints) {
  watch_.see_dns(client_, Side::server,
                 answer("cdn.example.net", {{"cdn.example.net", dns::kCname, 60, "eu.pool.example.org", {}},
                                            {"eu.pool.example.org", dns::kA, 60, "203.0.113.7", {}}}),
                 {1});
  watch_.see_dns(client_, Side::server,
                 answer("pool.example.org", {{"pool.example.org", dns::kHttps, 60, "", {"203.0.113.8"}}}), {1});
  ASSERT_NE(watch_.name_of(address("203.0.113.7")), nullptr);
  EXPECT_EQ(*watch_.name_of(address("203.0.113.7")), "eu.pool.example.org");
  EXPECT_NE(watch_.name_of(address("203.0.113.8")), nullptr);
  EXPECT_EQ(watch_.name_of(address("203.0.113.9")), nullptr);
}

TEST_F(NameWatchTest, AnAnswerThatNobodyWasGivenIsNoLookup) {
  watch_.see_dns(client_, Side::server, answer("pool.example.org", {}), {1});
  EXPECT_TRUE(seen_.empty());
}

TEST_F(NameWatchTest, EncryptedResolversByNameByAddressAndByPort) {
  watch_.see_resolver(client_, "dns.example.net", 443, {1});
  watch_.see_resolver(client_, "9.9.9.9", 443, {1});
  watch_.see_resolver(client_, "192.0.2.1", 853, {1});
  watch_.see_resolver(client_, "www.example.org", 443, {1});
  ASSERT_EQ(seen_.size(), 3U);
  EXPECT_EQ(seen_[0].source, "doh");
  EXPECT_EQ(seen_[1].source, "doh");
  EXPECT_EQ(seen_[2].source, "dot");
}

TEST_F(NameWatchTest, NamesAreForgottenAfterSomeDays) {
  watch_.see_dns(client_, Side::server,
                 answer("pool.example.org", {{"pool.example.org", dns::kA, 60, "203.0.113.7", {}}}), {1});
  for (int day = 2; day < 5; ++day)
    watch_.see_dns(client_, Side::server,
                   answer("pool.example.org", {{"pool.example.org", dns::kA, 60, "203.0.113.8", {}}}),
                   Timestamp{} + day * kNamesSpan);
  EXPECT_EQ(watch_.name_of(address("203.0.113.7")), nullptr);
  EXPECT_NE(watch_.name_of(address("203.0.113.8")), nullptr);
}

}  // namespace
}  // namespace davy::network

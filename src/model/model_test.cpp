#include <gtest/gtest.h>

#include <limits>

#include "model/finding.h"
#include "model/observation.h"
#include "model/verdict.h"

namespace davy::model {
namespace {

Observation round_trip(const Observation& observation) {
  const auto json = Json::parse(to_json(observation).dump());
  EXPECT_TRUE(json.has_value());
  const auto again = parse_observation(*json);
  EXPECT_TRUE(again.has_value()) << describe(again.error());
  return again.value_or(Observation{});
}

TEST(Observation, KeepsEveryFieldThroughJson) {
  MemorySeen memory;
  memory.process = {4242, std::numeric_limits<std::uint64_t>::max()};
  memory.milliseconds = 12.5;
  memory.families = {{"randomx", 17, 3, false}};
  memory.texts = {{"login", "{\"x\":1}", "pool:3333", "4abc", "monero", "rx/0", "memory"}};
  const Observation before{{1'767'322'800'123'456'789}, memory};
  const Observation after = round_trip(before);
  EXPECT_EQ(to_json(before).dump(), to_json(after).dump());
  EXPECT_EQ(after.at.nanoseconds, 1'767'322'800'123'456'789);
  EXPECT_EQ(std::get<MemorySeen>(after.value).texts[0].pool, "pool:3333");
  EXPECT_EQ(std::get<MemorySeen>(after.value).process.start_boottime_ns, std::numeric_limits<std::uint64_t>::max());
}

TEST(Observation, NegativeNumbersSurvive) {
  ProcessSeen process;
  process.nice = -20;
  EXPECT_EQ(std::get<ProcessSeen>(round_trip({{1}, process}).value).nice, -20);
}

TEST(Observation, RefusesAnUnknownTypeAndAWrongMember) {
  EXPECT_FALSE(parse_observation(*Json::parse(R"({"type":"nonsense","at":1})")));
  EXPECT_FALSE(parse_observation(*Json::parse(R"({"type":"process_seen","at":1,"comm":7})")));
  EXPECT_FALSE(parse_observation(*Json::parse(R"({"type":"process_seen","at":"now"})")));
  EXPECT_FALSE(parse_observation(*Json::parse(R"({"type":"thread_sample","at":1,"fp_control":4294967296})")));
  EXPECT_FALSE(parse_observation(*Json::parse(R"([1])")));
}

TEST(Observation, ToleratesMembersOfANewerRecorder) {
  EXPECT_TRUE(parse_observation(*Json::parse(R"({"type":"host_seen","at":1,"host":"h","new":[1]})")));
}

TEST(Subject, KeysTellProcessesApartByStartTime) {
  EXPECT_NE(process_key(7, 1), process_key(7, 2));
  EXPECT_EQ(key_of(ProcessSubject{.pid = 7, .start_boottime_ns = 2}), process_key(7, 2));
  EXPECT_EQ(key_of(FileSubject{.path = "/a", .member = "b"}), "file:/a!b");
}

TEST(Verdict, NamesAreTheirOwnInverse) {
  for (const auto verdict : {Verdict::clear, Verdict::suspicious, Verdict::likely, Verdict::confirmed})
    EXPECT_EQ(*parse_verdict(name_of(verdict)), verdict);
  EXPECT_FALSE(parse_verdict("certain"));
  EXPECT_LT(Verdict::clear, Verdict::suspicious);
}

TEST(Finding, PrintsTheContractsMembers) {
  Finding finding;
  finding.subject = ProcessSubject{.host = "h1", .pid = 7};
  const Json json = to_json(finding);
  for (const char* member : {"type", "id", "hypothesis", "verdict", "decibans", "subject", "evidence", "against",
                             "related", "campaign", "explanation", "actions", "declared", "class"})
    EXPECT_NE(json.dump().find('"' + std::string(member) + "\":"), std::string::npos) << member;
  EXPECT_EQ(json["subject"]["kind"].string_or(""), "process");
}

}  // namespace
}  // namespace davy::model

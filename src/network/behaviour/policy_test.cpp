#include "network/behaviour/policy.h"

#include <gtest/gtest.h>

namespace davy::network::behaviour {
namespace {

constexpr std::string_view kPolicy = R"(
devices = "declared"
[[zone]]
name = "offices"
networks = ["10.1.0.0/16", "fd00:1::/32"]
[[zone]]
name = "servers"
vlans = [20]
[[allow]]
from = "offices"
to = "servers"
ports = [443]
[[device]]
mac = "02-00-00-00-00-0A"
address = "10.1.0.7"
owner = "信息中心"
[[visitor]]
mac = "02:00:00:00:00:0b"
sponsor = "Li Lei"
expires = 2026-01-02T03:00:00Z
[[service]]
networks = ["10.1.0.9"]
note = "backup"
)";

TEST(Policy, EverythingThatCanBeDeclared) {
  const auto policy = parse_policy(kPolicy, "policy.toml");
  ASSERT_TRUE(policy) << describe(policy.error());
  const Declared declared(*policy);
  const auto zone = [&](const char* address, std::uint16_t vlan) {
    const auto* found = declared.zone_of(*parse_address(address), vlan);
    return found == nullptr ? std::string() : found->name;
  };
  EXPECT_EQ(zone("10.1.2.3", 20), "offices") << "the address comes first";
  EXPECT_EQ(zone("10.2.2.3", 20), "servers");
  EXPECT_EQ(zone("10.2.2.3", 0), "");
  EXPECT_TRUE(declared.may_talk("offices", "servers", 443));
  EXPECT_FALSE(declared.may_talk("offices", "servers", 22));
  EXPECT_FALSE(declared.may_talk("servers", "offices", 443));
  EXPECT_TRUE(declared.is_service(*parse_address("10.1.0.9")));
}

TEST(Policy, DevicesAndVisitors) {
  const Declared declared(*parse_policy(kPolicy, "policy.toml"));
  const Timestamp before = *parse_rfc3339("2026-01-02T02:59:00Z"), after = *parse_rfc3339("2026-01-02T03:01:00Z");
  EXPECT_EQ(declared.device("02:00:00:00:00:0a", "10.1.0.7", before).device, Declared::Device::known);
  EXPECT_EQ(declared.device("02:00:00:00:00:0a", "fe80::1", before).device, Declared::Device::known);
  EXPECT_EQ(declared.device("02:00:00:00:00:0a", "10.1.0.8", before).device, Declared::Device::wrong_address);
  EXPECT_EQ(declared.device("02:00:00:00:00:0b", "10.1.0.8", before).device, Declared::Device::known);
  EXPECT_EQ(declared.device("02:00:00:00:00:0b", "10.1.0.8", after).device, Declared::Device::expired);
  EXPECT_EQ(declared.device("02:00:00:00:00:0b", "10.1.0.8", after).owner, "Li Lei");
  EXPECT_EQ(declared.device("02:00:00:00:00:0c", "10.1.0.8", before).device, Declared::Device::unknown);
}

TEST(Policy, WhatIsWrongIsNamed) {
  const auto error = [](std::string_view text) {
    const auto policy = parse_policy(text, "p.toml");
    return policy ? std::string() : describe(policy.error());
  };
  EXPECT_NE(error("[[zone]]\nname = \"a\"\nnetwoks = [\"10.0.0.0/8\"]").find("did you mean networks"),
            std::string::npos);
  EXPECT_NE(error("[[zone]]\nname = \"a\"\nnetworks = [\"10.0.0.0/40\"]").find("10.0.0.0/40"), std::string::npos);
  EXPECT_NE(error("[[zone]]\nname = \"a\"").find("needs networks or vlans"), std::string::npos);
  EXPECT_NE(error("[[allow]]\nfrom = \"a\"\nto = \"b\"").find("no zone is called 'a'"), std::string::npos);
  EXPECT_NE(error("[[device]]\nmac = \"1234\"").find("six pairs"), std::string::npos);
  EXPECT_NE(error("[[visitor]]\nmac = \"02:00:00:00:00:0b\"\nsponsor = \"x\"\nexpires = \"tomorrow\"").find("expires"),
            std::string::npos);
  EXPECT_NE(error("[zone]\nname = \"a\"").find("two brackets"), std::string::npos);
  EXPECT_NE(error("devices = \"maybe\"").find("learn, declared or off"), std::string::npos);
  EXPECT_NE(error("[[device]]\nmac = ").find("p.toml:2"), std::string::npos);
  EXPECT_EQ(error(""), "");
}

}  // namespace
}  // namespace davy::network::behaviour

#include "intel/knowledge.h"

#include <gtest/gtest.h>

#include "intel/test_packs.h"

namespace davy::intel {
namespace {

constexpr const char* kPools = R"({"entries":[
  {"host":"pool.example.org","sources":["a","b"]},
  {"host":"bare-without-port.example","bare":true,"sources":["a"]},
  {"host":"bare-with-port.example","bare":true,"ports":[3333,4444],"sources":["a"]},
  {"host":"8.8.4.4","ports":[3333],"sources":["a"]}]})";
constexpr const char* kSites =
    R"({"entries":[{"host":"pool.example.org","sources":["c"]},{"host":"site.example.net","sources":["c"]}]})";
constexpr const char* kPorts =
    R"({"families":[{"family":"stratum","note":"n","source":"s","ports":[9999],"ranges":[[3333,3335]]}]})";
constexpr const char* kFamilies = R"({"families":[{"family":"xmrig","source":"s","names":["xmrig","XMRig-Proxy"]},
  {"family":"miner7","source":"s","names":["miner7"]}]})";

std::map<std::string, Json> parts() {
  return {{"pools", *Json::parse(kPools)},
          {"coin_sites", *Json::parse(kSites)},
          {"ports", *Json::parse(kPorts)},
          {"families", *Json::parse(kFamilies)}};
}

Knowledge known() { return Knowledge::from_parts(parts(), "1").value(); }

bool refuses(const char* name, const std::string& json) {
  return !Knowledge::from_parts({{name, *Json::parse(json)}}, "1").has_value();
}

TEST(Knowledge, NamesMatchThemselvesAndBelowAtAnyPort) {
  const Knowledge k = known();
  const auto match = k.find_name("EU.pool.example.org.", 443);
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->entry, "pool.example.org");
  EXPECT_EQ(match->entry_class, "pool");
  EXPECT_EQ(match->sources, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(k.find_name("pool.example.org", 0).has_value());
  EXPECT_FALSE(k.find_name("example.org", 3333).has_value());
  EXPECT_FALSE(k.find_name("xpool.example.org", 3333).has_value());
  EXPECT_EQ(k.find_name("site.example.net", 443)->entry_class, "coin_site");
}

TEST(Knowledge, ABareDomainNeverMatchesByItself) {
  const Knowledge k = known();
  EXPECT_FALSE(k.find_name("bare-without-port.example", 3333).has_value());
  EXPECT_FALSE(k.find_name("www.bare-without-port.example", 3333).has_value());
  EXPECT_TRUE(k.find_name("bare-with-port.example", 4444).has_value());
  EXPECT_FALSE(k.find_name("bare-with-port.example", 443).has_value());
  EXPECT_FALSE(k.find_name("bare-with-port.example", 0).has_value());
  EXPECT_FALSE(k.find_name("www.bare-with-port.example", 4444).has_value());
  EXPECT_EQ(k.counts().dormant, 1U);
}

TEST(Knowledge, AddressesMatchAtTheirPort) {
  const Knowledge k = known();
  EXPECT_TRUE(k.find_name("8.8.4.4", 3333).has_value());
  EXPECT_TRUE(k.find_name("::ffff:8.8.4.4", 3333).has_value());
  EXPECT_FALSE(k.find_name("8.8.4.4", 3334).has_value());
  EXPECT_FALSE(k.find_name("8.8.4.5", 3333).has_value());
}

TEST(Knowledge, LoopbackAndPrivateHostsAreRefused) {
  for (const char* host : {"127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "localhost", "pool.local", "pool"})
    EXPECT_TRUE(
        refuses("pools", std::string(R"({"entries":[{"host":")") + host + R"(","ports":[3333],"sources":["a"]}]})"))
        << host;
}

TEST(Knowledge, EntriesThatAreNoneAreRefused) {
  EXPECT_TRUE(refuses("pools", R"({"entries":[{"host":"a.example.org"}]})"));
  EXPECT_TRUE(refuses("pools", R"({"entries":[{"host":"a.example.org","sources":[7]}]})"));
  EXPECT_TRUE(refuses("pools", R"({"entries":[{"host":"a.example.org","ports":[65536],"sources":["a"]}]})"));
  EXPECT_TRUE(refuses("pools", R"({"entries":[{"host":"8.8.8.8","sources":["a"]}]})"));
  EXPECT_TRUE(refuses("ports", R"({"families":[{"family":"x","source":"s","ranges":[[5,4]]}]})"));
  EXPECT_TRUE(refuses("ports", R"({"families":[{"family":"x","source":"s","ranges":[[5]]}]})"));
  EXPECT_TRUE(refuses("ports", R"({"families":[{"family":"x","ports":[5]}]})"));
  EXPECT_TRUE(refuses("families", R"({"families":[{"family":"x","source":"s","names":["a","A"]}]})"));
  EXPECT_TRUE(refuses("families", R"({"families":[{"family":"x","source":"s","names":[""]}]})"));
}

TEST(Knowledge, PortsOfListsAndRanges) {
  const Knowledge k = known();
  EXPECT_EQ(k.find_port(3334)->family, "stratum");
  EXPECT_EQ(k.find_port(9999)->port, 9999);
  EXPECT_FALSE(k.find_port(3336).has_value());
  EXPECT_FALSE(k.find_port(0).has_value());
  EXPECT_EQ(k.counts().ports, 4U);
}

TEST(Knowledge, ProgramNamesWithTheirVersions) {
  const Knowledge k = known();
  for (const char* name : {"xmrig", "XMRig", "xmrig-6.22.0", "xmrig6", "xmrig_new", "xmrig.exe", "xmrig-notls"})
    EXPECT_EQ(k.find_family(name).value_or(FamilyMatch{}).name, "xmrig") << name;
  EXPECT_EQ(k.find_family("xmrig-proxy")->name, "xmrig-proxy");
  EXPECT_EQ(k.find_family("xmrig-proxy-6.2")->name, "xmrig-proxy");
  EXPECT_EQ(k.find_family("miner7-2")->family, "miner7");
  for (const char* name : {"", "xmrigger", "myxmrig", "xmr", "miner72", "-xmrig", "bash"})
    EXPECT_FALSE(k.find_family(name).has_value()) << name;
  EXPECT_FALSE(k.find_family(std::string(kProgramNameBytesMax + 1, 'x')).has_value());
}

TEST(Knowledge, PartsAndNothing) {
  const Knowledge k = known();
  EXPECT_EQ(k.part("ports"), *Json::parse(kPorts));
  EXPECT_TRUE(k.part("evidence").is_null());
  EXPECT_EQ(k.trust(), "test");
  EXPECT_EQ(k.digest().size(), 64U);
}

TEST(Knowledge, LoadsASignedPack) {
  const TestSigner signer;
  const Bytes bytes = signer.pack({{"pools", kPools}, {"evidence", R"({"kinds":[{},{}]})"}}, 3);
  const Knowledge k = Knowledge::load(bytes, signer.trust, kTestNow).value();
  EXPECT_EQ(k.version(), "2026.11.3");
  EXPECT_EQ(k.serial(), 3U);
  EXPECT_EQ(k.trust(), "development");
  EXPECT_EQ(k.created(), kTestNow);
  EXPECT_EQ(k.counts().pools, 4U);
  EXPECT_EQ(k.counts().evidence_kinds, 2U);
  EXPECT_FALSE(Knowledge::load(signer.pack({{"pools", "{"}}), signer.trust, kTestNow).has_value());
  EXPECT_FALSE(Knowledge::load(signer.pack({}, 1, "Somebody"), signer.trust, kTestNow).has_value());
}

TEST(Knowledge, AnExtraPackOnlyAddsNamesAndNamesItsAuthor) {
  const TestSigner signer;
  Knowledge k = Knowledge::load(signer.pack({{"pools", kPools}}), signer.trust, kTestNow).value();
  const std::string before = k.digest();
  const std::string names = R"({"entries":[{"host":"new.example.org","sources":["rule 1"]}]})";
  ASSERT_TRUE(k.add_extra(signer.pack({{"pools", names}}, 1, "Somebody"), signer.trust, kTestNow).has_value());
  EXPECT_EQ(k.find_name("new.example.org", 1)->sources, (std::vector<std::string>{"rule 1", "Somebody"}));
  EXPECT_TRUE(k.find_name("pool.example.org", 1).has_value());
  EXPECT_NE(k.digest(), before);
  ASSERT_EQ(k.extras().size(), 1U);
  EXPECT_EQ(k.extras()[0].author, "Somebody");
  EXPECT_EQ(k.extras()[0].entries, 1U);
}

TEST(Knowledge, ARefusedExtraPackLeavesNothingBehind) {
  const TestSigner signer;
  Knowledge k = Knowledge::load(signer.pack({{"pools", kPools}}), signer.trust, kTestNow).value();
  const std::string before = k.digest();
  const std::string half =
      R"({"entries":[{"host":"new.example.org","sources":["x"]},{"host":"127.0.0.1","sources":["x"]}]})";
  EXPECT_FALSE(k.add_extra(signer.pack({{"pools", half}}, 1, "Somebody"), signer.trust, kTestNow).has_value());
  EXPECT_FALSE(k.add_extra(signer.pack({{"evidence", "{}"}}, 1, "Somebody"), signer.trust, kTestNow).has_value());
  EXPECT_FALSE(k.add_extra(signer.pack({{"pools", kPools}}), signer.trust, kTestNow).has_value());
  EXPECT_FALSE(k.find_name("new.example.org", 1).has_value());
  EXPECT_EQ(k.digest(), before);
  EXPECT_TRUE(k.extras().empty());
}

TEST(Knowledge, AMovedOneStillAnswers) {
  Knowledge k = known();
  const Knowledge moved = std::move(k);
  EXPECT_TRUE(moved.find_name("pool.example.org", 1).has_value());
  EXPECT_TRUE(moved.find_family("xmrig").has_value());
}

}  // namespace
}  // namespace davy::intel

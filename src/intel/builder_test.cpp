#include "intel/builder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/test_folder.h"
#include "intel/knowledge.h"
#include "intel/test_packs.h"

namespace davy::intel {
namespace {

class Builder : public ::testing::Test {
 protected:
  Builder() {
    std::filesystem::create_directories(folder_ / "intel");
    put("intel/pools.yaml", "sources: {s: {}}\nentries: [{host: a.example.org, sources: [s]}]\n");
    put("intel/coin_sites.yaml", "sources: {}\nentries: []\n");
    put("intel/ports.yaml", "families: []\n");
    put("intel/families.yaml", "families: []\n");
    put("intel/efficiency.yaml", "algorithms: []\n");
    put("intel/resolvers.yaml", "resolvers: []\n");
    put("intel/miner_makers.yaml", "makers: []\n");
    put("intel/pool_errors.yaml", "sentences: []\n");
    put("intel/proof_constants.yaml", "families: []\n");
  }
  void put(const std::string& name, std::string_view text) {
    ASSERT_TRUE(write_file_durably(folder_ / name, as_bytes(text), 0644).has_value());
  }
  Status with_pools(const std::string& yaml) {
    put("intel/pools.yaml", yaml);
    TRY(build_parts(folder_.path()));
    return {};
  }

  TestFolder folder_;
};

TEST_F(Builder, EachFileBecomesAPart) {
  const auto parts = build_parts(folder_.path());
  ASSERT_TRUE(parts.has_value()) << describe(parts.error());
  EXPECT_EQ(parts->size(), 10U);
  EXPECT_EQ(parts->at("evidence"), R"({"kinds":[]})");
  EXPECT_EQ(parts->at("ports"), R"({"families":[]})");
}

TEST_F(Builder, EvidenceFilesAreJoinedInOrder) {
  std::filesystem::create_directories(folder_ / "evidence");
  put("evidence/b.yaml", "kinds: [{id: b.x}]\n");
  put("evidence/a.yaml", "kinds: [{id: a.x}]\n");
  EXPECT_EQ(build_parts(folder_.path())->at("evidence"), R"({"kinds":[{"id":"a.x"},{"id":"b.x"}]})");
  put("evidence/c.yaml", "kind: []\n");
  EXPECT_EQ(build_parts(folder_.path()).error().code, ErrorCode::malformed);
}

TEST_F(Builder, LoopbackAndPrivateHostsAreRefused) {
  for (const char* host : {"127.0.0.1", "10.1.2.3", "'::1'", "localhost", "pool.local"}) {
    const auto built =
        with_pools(std::string("sources: {s: {}}\nentries: [{host: ") + host + ", ports: [3333], sources: [s]}]\n");
    ASSERT_FALSE(built.has_value()) << host;
    EXPECT_EQ(built.error().code, ErrorCode::malformed) << host;
  }
}

TEST_F(Builder, HostsTwiceUndeclaredSourcesAndMissingFilesAreRefused) {
  EXPECT_FALSE(
      with_pools("sources: {s: {}}\nentries: [{host: a.b.org, sources: [s]}, {host: A.b.org, sources: [s]}]\n"));
  EXPECT_FALSE(with_pools("sources: {s: {}}\nentries: [{host: a.b.org, sources: [t]}]\n"));
  EXPECT_FALSE(with_pools("sources: {s: {}}\n"));
  EXPECT_FALSE(with_pools("[]"));
  std::filesystem::remove(folder_ / "intel/pools.yaml");
  EXPECT_EQ(build_parts(folder_.path()).error().code, ErrorCode::not_found);
}

TEST_F(Builder, AnExtraFileNamesItsAuthor) {
  const std::string rest = "class: pool\nsources: {s: {}}\nentries: [{host: a.b.org, sources: [s]}]\n";
  put("extra.yaml", "author: Somebody\n" + rest);
  const auto extra = build_extra(folder_ / "extra.yaml");
  ASSERT_TRUE(extra.has_value()) << describe(extra.error());
  EXPECT_EQ(extra->author, "Somebody");
  EXPECT_TRUE(extra->parts.contains("pools"));
  put("extra.yaml", rest);
  EXPECT_FALSE(build_extra(folder_ / "extra.yaml").has_value());
}

TEST(OwnData, BuildsLoadsAndMatches) {
  const auto parts = build_parts(DAVY_SOURCE_DIR "/data");
  ASSERT_TRUE(parts.has_value()) << describe(parts.error());
  const TestSigner signer;
  Knowledge known = Knowledge::load(signer.pack(*parts), signer.trust, kTestNow).value();
  EXPECT_EQ(known.find_name("xmr.2miners.com", 2222)->entry_class, "pool");
  EXPECT_FALSE(known.find_name("2miners.com", 443).has_value());
  EXPECT_FALSE(known.find_name("bitcoin.com", 443).has_value());
  EXPECT_FALSE(known.find_port(443).has_value());
  EXPECT_EQ(known.find_family("xmrig-6.22.0")->family, "xmrig");
  EXPECT_GT(known.counts().pools, 900U);
  const auto extra = build_extra(DAVY_SOURCE_DIR "/data/intel/extra/pools_sigma.yaml");
  ASSERT_TRUE(extra.has_value()) << describe(extra.error());
  ASSERT_TRUE(known.add_extra(signer.pack(extra->parts, 1, extra->author), signer.trust, kTestNow).has_value());
  EXPECT_EQ(known.find_name("ca-aipg.miningocean.org", 1)->sources.back(), extra->author);
}

}  // namespace
}  // namespace davy::intel

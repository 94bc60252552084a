#include "intel/workshop.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_folder.h"
#include "intel/test_packs.h"

namespace davy::intel {
namespace {

class Workshop : public ::testing::Test {
 protected:
  Workshop() {
    EXPECT_TRUE(signer_.root.save(root_file_).has_value());
    const std::string_view names =
        "author: Somebody\nclass: pool\nsources: {s: {}}\nentries: [{host: a.b.org, sources: [s]}]\n";
    EXPECT_TRUE(write_file_durably(names_, as_bytes(names), 0644).has_value());
  }
  PackOrder order(const std::string& key_file) const {
    return {
        .key_file = key_file, .data = names_, .extra = true, .version = "1", .serial = std::nullopt, .now = kTestNow};
  }
  KeyOrder key_order(int days) const {
    return {.out = folder_ / "key.pem", .root_file = root_file_, .days = days, .now = kTestNow};
  }

  TestFolder folder_;
  std::string root_file_ = folder_ / "root.pem";
  std::string names_ = folder_ / "names.yaml";
  TestSigner signer_;
};

TEST_F(Workshop, ADevelopmentKeyCertifiesItself) {
  const Bytes pack = make_pack(order(root_file_)).value();
  const Inspection seen = inspect(pack, signer_.trust, kTestNow).value();
  EXPECT_EQ(seen.trust, "development");
  EXPECT_EQ(seen.header.author, "Somebody");
  EXPECT_EQ(seen.header.serial, 1'790'000'000U);
  EXPECT_EQ(seen.counts.pools, 1U);
  EXPECT_EQ(verify_pack(pack, signer_.trust, kTestNow), Soundness::intact);
}

TEST_F(Workshop, ARootCertifiesASigningKeyForSomeDays) {
  const auto made = make_signing_key(key_order(2));
  ASSERT_TRUE(made.has_value()) << describe(made.error());
  const Bytes pack = make_pack(order(folder_ / "key.pem")).value();
  EXPECT_TRUE(inspect(pack, signer_.trust, kTestNow + std::chrono::hours(47)).has_value());
  EXPECT_EQ(verify_pack(pack, signer_.trust, kTestNow + std::chrono::hours(49)).error().code, ErrorCode::untrusted);
}

TEST_F(Workshop, AKeyIsNeverOverwritten) {
  ASSERT_TRUE(make_signing_key(key_order(2)).has_value());
  EXPECT_EQ(make_signing_key(key_order(2)).error().code, ErrorCode::invalid_argument);
}

TEST_F(Workshop, BrokenAndUnknownAreDifferentAnswers) {
  Bytes pack = make_pack(order(root_file_)).value();
  EXPECT_EQ(verify_pack(pack, TestSigner().trust, kTestNow), Soundness::signer_unknown);
  pack[200] ^= 1;
  EXPECT_FALSE(verify_pack(pack, TestSigner().trust, kTestNow).has_value());
  EXPECT_FALSE(verify_pack(pack, signer_.trust, kTestNow).has_value());
}

TEST_F(Workshop, TheDevelopmentKeyOfThisCloneIsTrustedByThisBuild) {
  const auto key = PrivateKey::load(DAVY_SOURCE_DIR "/build/keys/development.pem");
  if (!key) GTEST_SKIP() << "a build with a release root has none";
  EXPECT_EQ(TrustStore::built_in()->name_of_root(key->public_key()), "development");
}

}  // namespace
}  // namespace davy::intel

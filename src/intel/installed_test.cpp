#include "intel/installed.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/test_folder.h"
#include "intel/test_packs.h"

namespace davy::intel {
namespace {

class Installed : public ::testing::Test {
 protected:
  Result<PackHeader> put(const Bytes& pack) { return install(place_, pack, signer_.trust, kTestNow); }
  std::uint64_t in_use() const {
    return read_pack(read_file(place_ + "/current.pack", kPackBytesMax).value(), signer_.trust, kTestNow)
        ->header.serial;
  }

  TestFolder folder_;
  std::string place_ = folder_ / "intel";
  TestSigner signer_;
};

TEST_F(Installed, ReplacesAndKeepsThePrevious) {
  ASSERT_TRUE(put(signer_.pack({}, 1)).has_value());
  ASSERT_TRUE(put(signer_.pack({}, 2)).has_value());
  EXPECT_EQ(in_use(), 2U);
  EXPECT_EQ(rollback(place_, signer_.trust, kTestNow)->serial, 1U);
  EXPECT_EQ(in_use(), 1U);
  EXPECT_EQ(rollback(place_, signer_.trust, kTestNow)->serial, 2U);
}

TEST_F(Installed, ADowngradeIsRefusedAlsoAfterARollback) {
  ASSERT_TRUE(put(signer_.pack({}, 4)).has_value());
  ASSERT_TRUE(put(signer_.pack({}, 5)).has_value());
  EXPECT_EQ(put(signer_.pack({}, 4)).error().code, ErrorCode::untrusted);
  ASSERT_TRUE(rollback(place_, signer_.trust, kTestNow).has_value());
  EXPECT_EQ(put(signer_.pack({}, 4)).error().code, ErrorCode::untrusted);
  EXPECT_TRUE(put(signer_.pack({}, 5)).has_value());
}

TEST_F(Installed, TheRecordIsForRootAloneAndItsDamageIsNoWayAround) {
  ASSERT_TRUE(put(signer_.pack({}, 5)).has_value());
  struct stat info = {};
  ASSERT_EQ(stat((place_ + "/last_seen").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  ASSERT_TRUE(write_file_durably(place_ + "/last_seen", as_bytes("{"), 0600).has_value());
  EXPECT_EQ(put(signer_.pack({}, 4)).error().code, ErrorCode::malformed);
}

TEST_F(Installed, WhatDoesNotVerifyOrLoadChangesNothing) {
  ASSERT_TRUE(put(signer_.pack({}, 1)).has_value());
  const TestSigner stranger;
  EXPECT_FALSE(put(stranger.pack({}, 2)).has_value());
  EXPECT_FALSE(put(signer_.pack({{"pools", "{"}}, 2)).has_value());
  EXPECT_FALSE(put(signer_.pack({}, 2, "Somebody")).has_value());
  EXPECT_FALSE(install(place_, signer_.pack({}, 2), signer_.trust, signer_.certificate.expires).has_value());
  EXPECT_EQ(in_use(), 1U);
}

TEST_F(Installed, NothingToRollBackTo) {
  EXPECT_EQ(rollback(place_, signer_.trust, kTestNow).error().code, ErrorCode::not_found);
  ASSERT_TRUE(put(signer_.pack({}, 1)).has_value());
  EXPECT_EQ(rollback(place_, signer_.trust, kTestNow).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace davy::intel

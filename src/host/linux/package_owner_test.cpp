#include "host/linux/package_owner.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_folder.h"
#include "host/linux/preload_reader.h"

namespace davy::host {
namespace {

void write(const std::string& path, std::string_view text) {
  ASSERT_TRUE(write_file_durably(path, as_bytes(text), 0644).has_value());
}

TEST(PackageOwner, FindsOwnersInOnePassAndUnderstandsAMergedUsr) {
  const TestFolder folder;
  write(folder / "coreutils.md5sums", "0123456789abcdef0123456789abcdef  bin/ls\nshort\n");
  write(folder / "libc6:amd64.md5sums", "ffffffffffffffffffffffffffffffff  usr/lib/libc.so.6\n");
  const auto answers = find_packages({"/usr/bin/ls", "/usr/lib/libc.so.6", "/opt/x", "relative"}, folder.path());
  EXPECT_TRUE(answers.known);
  EXPECT_EQ(answers.package_of("/usr/bin/ls"), "coreutils");
  EXPECT_EQ(answers.package_of("/usr/lib/libc.so.6"), "libc6");
  EXPECT_EQ(answers.state_of("/usr/bin/ls", "0123456789abcdef0123456789abcdef"), "unchanged");
  EXPECT_EQ(answers.state_of("/usr/bin/ls", "00000000000000000000000000000000"), "changed");
  EXPECT_EQ(answers.state_of("/opt/x", "00"), "unowned");
}

TEST(PackageOwner, WithoutADatabaseNothingIsClaimed) {
  const auto answers = find_packages({"/usr/bin/ls"}, "/nonexistent");
  EXPECT_FALSE(answers.known);
  EXPECT_EQ(answers.state_of("/usr/bin/ls", "00"), "unknown");
}

TEST(Preload, ReadsNamesAsTheLinkerDoes) {
  EXPECT_EQ(preload_names("/a.so /b.so:/c.so\n# /d.so\n\t/e.so"),
            (std::vector<std::string>{"/a.so", "/b.so", "/c.so", "/e.so"}));
}

TEST(Preload, BothWaysOfReadingAgreeOnAnOrdinaryFile) {
  const TestFolder folder;
  const std::string path = folder / "ld.so.preload";
  EXPECT_FALSE(read_preload(path)->has_value());
  write(path, "/lib/x.so\n");
  const auto seen = *read_preload(path);
  ASSERT_TRUE(seen.has_value());
  EXPECT_FALSE(seen->library_disagrees);
  EXPECT_EQ(seen->libraries, std::vector<std::string>{"/lib/x.so"});
}

}  // namespace
}  // namespace davy::host

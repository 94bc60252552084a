#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>

#include "base/test_folder.h"

namespace davy {
namespace {

std::size_t entries_in(const std::string& path) {
  const std::filesystem::directory_iterator all(path);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST(File, WrittenIsReadAndNothingElseRemains) {
  const TestFolder folder;
  ASSERT_TRUE(write_file_durably(folder / "state", as_bytes("old"), 0644).has_value());
  ASSERT_TRUE(write_file_durably(folder / "state", as_bytes("new content"), 0600).has_value());
  EXPECT_EQ(as_text(read_file(folder / "state", 100).value()), "new content");
  EXPECT_EQ(entries_in(folder.path()), 1U);
  struct stat info = {};
  ASSERT_EQ(stat((folder / "state").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST(File, LimitIsExact) {
  const TestFolder folder;
  const Bytes content(200'000, 7);
  ASSERT_TRUE(write_file_durably(folder / "f", content, 0600).has_value());
  EXPECT_EQ(read_file(folder / "f", content.size()).value(), content);
  const auto refused = read_file(folder / "f", content.size() - 1);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(refused.error().context, folder / "f");
}

TEST(File, EmptyFilesAndFilesOfUnknownSize) {
  const TestFolder folder;
  ASSERT_TRUE(write_file_durably(folder / "empty", {}, 0600).has_value());
  EXPECT_TRUE(read_file(folder / "empty", 0).value().empty());
  EXPECT_FALSE(read_file("/proc/self/stat", 1 << 16).value().empty());
}

TEST(File, FailuresAreNamed) {
  const TestFolder folder;
  EXPECT_EQ(read_file(folder / "none", 10).error().code, ErrorCode::not_found);
  EXPECT_FALSE(read_file(folder.path(), 10).has_value());
  EXPECT_EQ(write_file_durably(folder / "no/such", as_bytes("x"), 0600).error().code, ErrorCode::not_found);
}

TEST(File, AFailedReplacementLeavesNothingBehind) {
  const TestFolder folder;
  std::filesystem::create_directory(folder / "taken");
  EXPECT_FALSE(write_file_durably(folder / "taken", as_bytes("x"), 0600).has_value());
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(File, NothingThatIsNoFileIsReplaced) {
  const TestFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(write_file_durably(folder / "pipe", as_bytes("x"), 0600).has_value());
  EXPECT_FALSE(write_file_durably(folder.path(), as_bytes("x"), 0600).has_value());
  struct stat info = {};
  ASSERT_EQ(stat((folder / "pipe").c_str(), &info), 0);
  EXPECT_TRUE(S_ISFIFO(info.st_mode));
}

TEST(File, AFifoWithoutWriterDoesNotBlock) {
  const TestFolder folder;
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_TRUE(read_file(folder / "fifo", 10).value().empty());
}

TEST(File, ReadsBelowADirectory) {
  const TestFolder folder;
  ASSERT_TRUE(write_file_durably(folder / "a", as_bytes("A"), 0600).has_value());
  const UniqueFd directory(open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EXPECT_EQ(as_text(read_file_at(directory.get(), "a", 10).value()), "A");
}

TEST(File, DescriptorsCloseOnceAndMove) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  {
    UniqueFd first(ends[0]);
    UniqueFd second(std::move(first));
    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): moved-from descriptors are empty
    EXPECT_EQ(second.get(), ends[0]);
  }
  EXPECT_EQ(fcntl(ends[0], F_GETFD), -1);
  UniqueFd other(ends[1]);
  EXPECT_EQ(other.release(), ends[1]);
  EXPECT_EQ(fcntl(ends[1], F_GETFD), 0);
  close(ends[1]);
}

}  // namespace
}  // namespace davy

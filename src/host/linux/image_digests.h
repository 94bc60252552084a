// The digests of processes' images, taken once for each state of a file (device, inode, size, times).
//
// Not thread-safe. Limits: kDigestBytesMax an image (larger ones have no digest), kDigestsMax files remembered.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace davy::host {

inline constexpr std::size_t kDigestBytesMax = 64U << 20;
inline constexpr std::size_t kDigestsMax = 4'096;

class ImageDigests {
 public:
  // `proc_fd`: an open directory of a procfs, which must outlive this.
  explicit ImageDigests(int proc_fd) : proc_fd_(proc_fd) {}

  // SHA-256 of /proc/PID/exe in hexadecimal digits; empty when it is unreadable, no regular file, or too large.
  std::string of(std::int64_t pid);

 private:
  using FileState = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t, std::int64_t>;
  int proc_fd_;
  std::map<FileState, std::string> known_;
};

}  // namespace davy::host

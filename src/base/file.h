// Files: reading with a limit, writing so that it lasts, and descriptors that close themselves.
//
// Free functions are thread-safe. Nothing follows user input except the path given. POSIX only (file_posix.cpp).
// Errors: not_found, permission_denied, limit_exceeded (longer than `bytes_max`), io.
//
//   const Bytes pack = TRY(read_file("/var/lib/davy/intel.pack", kPackBytesMax));
//   TRY(write_file_durably("/var/lib/davy/state", bytes, 0600));
#pragma once

#include <string>
#include <utility>

#include "base/bytes.h"

namespace davy {

// Owns one file descriptor; move-only.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

// The whole file. Works on /proc and pipes, whose size is not known before. Never blocks on a FIFO.
Result<Bytes> read_file(const std::string& path, std::size_t bytes_max);

// The same, with `path` relative to an open directory (AT_FDCWD for the working directory).
Result<Bytes> read_file_at(int directory_fd, const std::string& path, std::size_t bytes_max);

// What remains to be read behind an open descriptor.
Result<Bytes> read_all(int fd, std::size_t bytes_max);

// Replaces `path` in one step: temporary file beside it, fsync, rename, fsync of the directory. After success the new
// content survives a power cut; after failure the old content is untouched. A device, pipe or folder is not replaced.
Status write_file_durably(const std::string& path, ByteView bytes, unsigned mode);

}  // namespace davy

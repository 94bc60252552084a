#include "host/linux/image_digests.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "base/hash.h"

namespace davy::host {
namespace {

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000LL + time.tv_nsec; }

std::string digest_of(int fd) {
  Sha256 sha256;
  Bytes buffer(256U << 10);
  std::size_t total = 0;
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) return to_hex(sha256.finish());
    if (got < 0 || (total += static_cast<std::size_t>(got)) > kDigestBytesMax) return {};
    sha256.update(ByteView(buffer).subspan(0, static_cast<std::size_t>(got)));
  }
}

}  // namespace

std::string ImageDigests::of(std::int64_t pid) {
  const UniqueFd fd(
      ::openat(proc_fd_, (std::to_string(pid) + "/exe").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
      info.st_size > static_cast<std::int64_t>(kDigestBytesMax))
    return {};
  const FileState state{info.st_dev, info.st_ino, info.st_size, nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
  if (const auto at = known_.find(state); at != known_.end()) return at->second;
  if (known_.size() >= kDigestsMax) known_.clear();
  return known_[state] = digest_of(fd.get());
}

}  // namespace davy::host

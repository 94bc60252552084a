#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"

namespace davy {
namespace {

constexpr std::size_t kReadStepBytes = 64 * 1024;

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status write_all(int fd, ByteView bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail_errno(errno, "cannot write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Status sync_directory(const std::string& path) {
  const UniqueFd directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return fail_errno(errno, "cannot open the directory", path);
  if (fsync(directory.get()) != 0) return fail_errno(errno, "cannot sync the directory", path);
  return {};
}

Status fill(int fd, ByteView bytes, unsigned mode, const std::string& path) {
  if (fchmod(fd, mode) != 0) return fail_errno(errno, "cannot set the mode", path);
  TRY(write_all(fd, bytes, path));
  if (fsync(fd) != 0) return fail_errno(errno, "cannot sync", path);
  return {};
}

// Renaming over a device or a pipe would put a file in its place for good.
Status refuse_replacing(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode) || S_ISLNK(info.st_mode)) return {};
  return fail(ErrorCode::io, "it stands in the way and is no file", path);
}

}  // namespace

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) close(fd_);
  fd_ = fd;
}

Result<Bytes> read_all(int fd, std::size_t bytes_max) {
  Bytes out;
  for (;;) {
    const std::size_t step = std::min(kReadStepBytes, bytes_max - out.size() + 1);
    const std::size_t before = out.size();
    out.resize(before + step);
    const ssize_t count = read(fd, out.data() + before, step);
    out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "cannot read");
    if (count == 0) return out;
    if (out.size() > bytes_max)
      return fail(ErrorCode::limit_exceeded, "longer than " + std::to_string(bytes_max) + " bytes");
  }
}

Result<Bytes> read_file_at(int directory_fd, const std::string& path, std::size_t bytes_max) {
  const UniqueFd fd(openat(directory_fd, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return fail_errno(errno, "cannot open", path);
  auto bytes = read_all(fd.get(), bytes_max);
  if (!bytes) bytes.error().context = path;
  return bytes;
}

Result<Bytes> read_file(const std::string& path, std::size_t bytes_max) {
  return read_file_at(AT_FDCWD, path, bytes_max);
}

Status write_file_durably(const std::string& path, ByteView bytes, unsigned mode) {
  TRY(refuse_replacing(path));
  std::string temporary = path + ".XXXXXX";
  const UniqueFd fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return fail_errno(errno, "cannot create a file beside", path);
  auto filled = fill(fd.get(), bytes, mode, path);
  if (filled && rename(temporary.c_str(), path.c_str()) != 0) filled = fail_errno(errno, "cannot replace", path);
  if (!filled) {
    unlink(temporary.c_str());
    return filled;
  }
  return sync_directory(directory_of(path));
}

}  // namespace davy

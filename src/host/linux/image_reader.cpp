#include "host/linux/image_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "base/hash.h"
#include "host/image_path.h"

namespace davy::host {
namespace {

constexpr std::string_view kWritableFolders[] = {"/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/", "/home/", "/root/"};
constexpr std::string_view kInterpreters[] = {"python", "perl", "ruby", "node", "bash",
                                              "dash",   "sh",   "php",  "lua",  "tclsh"};

// Digests of the whole, and the beginning for the examiner.
Status digest(int fd, ReadImage& image, Bytes& head) {
  Sha256 sha256;
  Md5 md5;
  Bytes buffer(256U << 10);
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(errno, "cannot read the image");
    if (got == 0) break;
    const ByteView part(buffer.data(), static_cast<std::size_t>(got));
    sha256.update(part), md5.update(part);
    image.seen.size += part.size();
    if (head.size() < kImageHeadBytes) head.insert(head.end(), part.begin(), part.end());
    if (image.seen.size > kImageBytesMax) return fail(ErrorCode::limit_exceeded, "the image is too large to be read");
  }
  image.seen.sha256 = to_hex(sha256.finish()), image.md5 = to_hex(md5.finish());
  return {};
}

bool is_interpreter(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view known : kInterpreters) {
    if (!name.starts_with(known)) continue;
    if (name.find_first_not_of("0123456789.", known.size()) == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

Result<ReadImage> read_image(int proc_fd, const model::ProcessSeen& process, Examiner* examiner) {
  const std::string path = std::to_string(process.process.pid) + "/exe";
  const UniqueFd fd(::openat(proc_fd, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail_errno(errno, "cannot open the image");
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
    return fail(ErrorCode::unsupported, "the image is no file");
  ReadImage out;
  out.seen.process = process.process, out.seen.path = process.exe;
  out.seen.script_interpreter = is_interpreter(process.exe);
  Bytes head;
  TRY(digest(fd.get(), out, head));
  if (examiner == nullptr) return out;
  const ImageTraits traits = TRY(examiner->examine_image(head));
  out.seen.is_elf = traits.is_elf, out.seen.packed = traits.packed;
  out.seen.sections_absent = traits.sections_absent, out.seen.entropy = traits.entropy;
  return out;
}

void place_image(ReadImage& image, const PackageAnswers& packages) {
  model::ImageSeen& seen = image.seen;
  seen.package_state = packages.state_of(seen.path, image.md5);
  seen.package = packages.package_of(seen.path);
  seen.writable_place = is_writable_place(seen.path);
}

bool is_writable_place(const std::string& path) {
  std::string file(without_deleted_mark(path));
  if (!file.starts_with('/')) return false;
  for (const std::string_view folder : kWritableFolders)
    if (file.starts_with(folder)) return true;
  if (file.find("/.") != std::string::npos) return true;
  struct stat info {};
  file.resize(std::max<std::size_t>(file.rfind('/'), 1));
  return ::stat(file.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && (info.st_mode & S_IWOTH) != 0;
}

}  // namespace davy::host

// Build tool: make_development_key KEY_FILE HEADER_FILE
//
// Makes the development key of this clone when it has none, and writes its public half as a C++ string literal for the
// build that runs it. Several build folders of one clone may run it at once: a lock beside the key lets one make it.
#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdio>

#include "base/file.h"
#include "base/signature.h"

namespace davy::intel {
namespace {

constexpr std::size_t kHeaderBytesMax = 4096;

Result<PrivateKey> load_or_make(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const UniqueFd lock(open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock || flock(lock.get(), LOCK_EX) != 0) return fail_errno(errno, "cannot lock", lock_path);
  auto key = PrivateKey::load(path);
  if (key || key.error().code != ErrorCode::not_found) return key;
  key = PrivateKey::generate();
  if (key) TRY(key->save(path));
  return key;
}

Status run(const std::string& key_path, const std::string& header_path) {
  const PrivateKey key = TRY(load_or_make(key_path));
  const std::string header = "\"" + key.public_key().hex() + "\"\n";
  const auto before = read_file(header_path, kHeaderBytesMax);
  if (before && as_text(*before) == header) return {};
  return write_file_durably(header_path, as_bytes(header), 0644);
}

}  // namespace
}  // namespace davy::intel

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: make_development_key KEY_FILE HEADER_FILE\n", stderr);
    return 2;
  }
  const auto done = davy::intel::run(argv[1], argv[2]);
  if (!done) std::fprintf(stderr, "make_development_key: %s\n", davy::describe(done.error()).c_str());
  return done ? 0 : 1;
}

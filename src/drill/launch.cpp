#include "drill/launch.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "drill/guardian.h"
#include "drill/load.h"

namespace davy::drill {
namespace {

constexpr std::string_view kFolderPrefix = "/davy-drill.";
constexpr std::string_view kGroupPrefix = "/davy-drill-";
constexpr const char* kSelf = "/proc/self/exe";
constexpr const char* kKernelThreadTitle = "[kworker/0:1]";
constexpr const char* kKernelThreadName = "kworker/0:1";
constexpr const char* kCopyName = "kworker-u8";
constexpr const char* kPlainName = "update";
constexpr int kGroupRemovalTries = 100;
constexpr std::uint32_t kExecuting = kRenamed | kMemoryFile | kDeleted;

bool needs_new_image(const Plan& plan) { return plan.scrub || (plan.disguises & kExecuting) != 0; }

Status copy_self(int to) {
  const UniqueFd from(open(kSelf, O_RDONLY | O_CLOEXEC));
  if (!from) return fail_errno(errno, "cannot read the own program");
  struct stat status {};
  if (fstat(from.get(), &status) != 0) return fail_errno(errno, "cannot read the own program");
  for (off_t done = 0; done < status.st_size;)
    if (sendfile(to, from.get(), &done, static_cast<std::size_t>(status.st_size - done)) <= 0)
      return fail_errno(errno, "cannot copy the own program");
  return {};
}

bool keep_path(std::array<char, 128>& place, const std::string& path) {
  if (path.size() >= place.size()) return false;
  std::ranges::copy(path, place.begin());
  return true;
}

Status copy_to_folder(Plan& plan) {
  const char* temporary = std::getenv("TMPDIR");
  std::string folder = std::string(temporary != nullptr ? temporary : "/tmp") + std::string(kFolderPrefix) + "XXXXXX";
  if (folder.size() > 100) return fail(ErrorCode::limit_exceeded, "TMPDIR is too long");
  if (mkdtemp(folder.data()) == nullptr) return fail_errno(errno, "cannot make a folder", folder);
  const std::string path = folder + "/" + (plan.disguised(kRenamed) ? kCopyName : kPlainName);
  keep_path(plan.copy_path, path);
  const UniqueFd to(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700));
  if (!to) return fail_errno(errno, "cannot make the copy", path);
  return copy_self(to.get());
}

void remove_copy(const std::string& path) {
  unlink(path.c_str());
  rmdir(path.substr(0, path.rfind('/')).c_str());
}

// The helper holds nothing of the run but the two paths; the pipe's other end lives in every process of the run.
Status start_tidy(const Plan& plan) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return fail_errno(errno, "cannot make a pipe");
  const pid_t child = fork();
  if (child < 0) return fail_errno(errno, "cannot fork");
  if (child > 0) {
    close(ends[0]);
    return {};
  }
  setsid();
  dup2(ends[0], 0);
  const int nothing = open("/dev/null", O_WRONLY);
  dup2(nothing, 1);
  dup2(nothing, 2);
  for (const int spare : {ends[0], ends[1], nothing})
    if (spare > 2) close(spare);
  execl(kSelf, "davy-drill", "tidy", plan.copy_path.data(), plan.cgroup_path.data(), nullptr);
  _exit(127);
}

Result<UniqueFd> program_in_memory() {
  UniqueFd program(memfd_create("kworker", MFD_CLOEXEC));
  if (!program) return fail_errno(errno, "cannot make a memory file");
  TRY(copy_self(program.get()));
  return program;
}

std::string own_path() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink(kSelf, path.data(), path.size() - 1);
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : kSelf;
}

// Only returns when it failed.
Status execute(const Plan& plan, UniqueFd packed) {
  UniqueFd program;
  if (plan.disguised(kMemoryFile)) program = TRY(program_in_memory());
  if (program && program.get() == kPlanDescriptor) program = UniqueFd(fcntl(program.release(), F_DUPFD_CLOEXEC, 10));
  if (packed.get() != kPlanDescriptor && dup2(packed.get(), kPlanDescriptor) < 0) return fail_errno(errno, "no plan");
  if (packed.get() == kPlanDescriptor) packed.release();
  else packed.reset();
  std::string path = plan.copy_path[0] != '\0' ? plan.copy_path.data() : own_path();
  std::string name = plan.copy_path[0] != '\0' ? path : plan.disguised(kMemoryFile) ? "kworker-memory" : "davy-drill";
  std::array<char*, 2> words{name.data(), nullptr};
  const char* search_path = std::getenv("PATH");
  std::string kept = std::string("PATH=") + (search_path != nullptr ? search_path : "/usr/bin:/bin");
  std::array<char*, 2> bare{kept.data(), nullptr};
  char** environment = plan.scrub ? bare.data() : environ;
  if (program) fexecve(program.get(), words.data(), environment);
  else execve(path.c_str(), words.data(), environment);
  return fail_errno(errno, "cannot execute the disguised program", path);
}

Status prepare_places(Plan& plan) {
  if (plan.disguised(kRenamed) || plan.disguised(kDeleted))
    if (!plan.disguised(kMemoryFile)) TRY(copy_to_folder(plan));
  if (plan.disguised(kNamespaces))
    if (const auto group = make_cgroup()) keep_path(plan.cgroup_path, *group);
  if (plan.copy_path[0] != '\0' || plan.cgroup_path[0] != '\0') return start_tidy(plan);
  return {};
}

Status run(const Plan& plan) { return needs_guardian(plan) ? run_guarded(plan) : run_load(plan, {}); }

// As programs do that overwrite their own words: the old ones are gone, the length stays.
void take_title(const CommandLine& command_line) {
  char* begin = command_line.words[0];
  char* last = command_line.words[command_line.count - 1];
  const auto room = static_cast<std::size_t>(last + std::strlen(last) - begin);
  std::memset(begin, 0, room);
  std::memcpy(begin, kKernelThreadTitle, std::min(room, std::strlen(kKernelThreadTitle)));
  prctl(PR_SET_NAME, kKernelThreadName);
}

bool ours(std::string_view path, std::string_view prefix) { return path.find(prefix) != std::string_view::npos; }

void wait_for_end_of_input() {
  std::array<char, 16> bytes{};
  while (true) {
    const ssize_t got = read(0, bytes.data(), bytes.size());
    if (got == 0 || (got < 0 && errno != EINTR)) return;
  }
}

}  // namespace

Status launch(Plan plan, SecretText config) {
  if (plan.disguised(kMemoryFile) && plan.disguised(kDeleted))
    return fail(ErrorCode::invalid_argument, "memfd and deleted exclude each other");
  TRY(prepare_places(plan));
  if (!needs_new_image(plan)) return run(plan);
  const Status failed = execute(plan, TRY(pack_plan(plan, plan.scrub ? std::string_view() : config.view())));
  if (plan.copy_path[0] != '\0') remove_copy(plan.copy_path.data());
  return failed;
}

// `config` is only held: a plain twin keeps its configuration in memory for as long as it runs.
Status run_launched(Plan plan, [[maybe_unused]] SecretText config, const CommandLine& command_line) {
  if (plan.disguised(kDeleted)) remove_copy(plan.copy_path.data());
  if (plan.disguised(kRenamed)) take_title(command_line);
  const Status done = run(plan);
  if (plan.copy_path[0] != '\0') remove_copy(plan.copy_path.data());
  return done;
}

Status tidy(std::string_view copy_path, std::string_view cgroup_path) {
  wait_for_end_of_input();
  if (ours(copy_path, kFolderPrefix)) remove_copy(std::string(copy_path));
  const std::string group(cgroup_path);
  const timespec pause{0, 20'000'000};
  for (int tried = 0; ours(group, kGroupPrefix) && tried < kGroupRemovalTries; ++tried) {
    if (rmdir(group.c_str()) == 0 || errno != EBUSY) break;
    nanosleep(&pause, nullptr);
  }
  return {};
}

}  // namespace davy::drill

#include "drill/plan.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <vector>

namespace davy::drill {
namespace {

constexpr std::uint64_t kPlanMagic = 0x7c1e'55a9'03d2'6b4fULL;

void apply_mask(char* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes[i] = masked_byte(bytes[i], i, kMaskSeed);
}

Status write_whole(int fd, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = write(fd, bytes, count);
    if (written < 0) return fail_errno(errno, "cannot write the plan");
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
  return {};
}

}  // namespace

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

Result<UniqueFd> pack_plan(const Plan& plan, std::string_view config) {
  UniqueFd fd(memfd_create("", 0));
  if (!fd) return fail_errno(errno, "cannot make a memory file");
  Plan copy = plan;
  copy.magic = kPlanMagic;
  std::vector<char> bytes(sizeof copy + config.size());
  std::memcpy(bytes.data(), &copy, sizeof copy);
  std::ranges::copy(config, bytes.begin() + sizeof copy);
  apply_mask(bytes.data(), bytes.size());
  TRY(write_whole(fd.get(), bytes.data(), bytes.size()));
  return fd;
}

Result<Plan> unpack_plan(SecretText& config) {
  struct stat status {};
  const auto none = [] { return fail(ErrorCode::not_found, "no plan was handed over"); };
  if (fstat(kPlanDescriptor, &status) != 0 || !S_ISREG(status.st_mode)) return none();
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size < sizeof(Plan) || size > sizeof(Plan) + kConfigBytesMax) return none();
  std::vector<char> bytes(size);
  if (pread(kPlanDescriptor, bytes.data(), size, 0) != static_cast<ssize_t>(size)) return none();
  apply_mask(bytes.data(), size);
  Plan plan;
  std::memcpy(static_cast<void*>(&plan), bytes.data(), sizeof plan);
  if (plan.magic != kPlanMagic) return none();
  close(kPlanDescriptor);
  config.add(std::string_view(bytes.data() + sizeof plan, size - sizeof plan));
  explicit_bzero(bytes.data(), size);
  return plan;
}

}  // namespace davy::drill

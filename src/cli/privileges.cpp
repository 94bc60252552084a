#include "cli/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace davy::cli {
namespace {

constexpr unsigned kNobody = 65534;

}  // namespace

void give_up_privileges() {
  if (::geteuid() == 0) {
    [[maybe_unused]] const bool groups = ::setgroups(0, nullptr) == 0;
    [[maybe_unused]] const bool group = ::setresgid(kNobody, kNobody, kNobody) == 0;
    [[maybe_unused]] const bool user = ::setresuid(kNobody, kNobody, kNobody) == 0;
  }
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  ::syscall(SYS_capset, &header, none);
}

}  // namespace davy::cli

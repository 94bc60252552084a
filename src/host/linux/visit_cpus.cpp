#include <sched.h>

#include "host/linux/task_walk.h"

namespace davy::host {

void visit_cpus(std::span<const std::uint32_t> cpus) {
  cpu_set_t before;
  if (::sched_getaffinity(0, sizeof before, &before) != 0) return;
  std::size_t visited = 0;
  for (const std::uint32_t cpu : cpus) {
    if (cpu >= CPU_SETSIZE || visited == kCpusVisitedMax) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    if (::sched_setaffinity(0, sizeof one, &one) == 0) ++visited;
  }
  ::sched_setaffinity(0, sizeof before, &before);
}

}  // namespace davy::host

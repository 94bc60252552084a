#include "host/linux/memory_maps.h"
#include "host/linux/proc_stat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto regions = davy::host::parse_maps(text);
  const auto plan = davy::host::plan_memory(regions, "/bin/x");
  if (plan.bytes > davy::host::kMemoryBytesMax) __builtin_trap();
  (void)davy::host::parse_proc_stat(text);
  (void)davy::host::parse_status_field(text, "Tgid");
  return 0;
}

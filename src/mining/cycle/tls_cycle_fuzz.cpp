// Records of any size, side and time: what is kept and counted stays within its limits.
#include "mining/cycle/tls_cycle.h"

// Four bytes a record: side and size (13 bits, or one of the usual sizes), gap in units of 50 ms.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace davy::mining;
  constexpr std::uint16_t kUsual[] = {186, 64, 378, 540, 480, 81, 84, 86, 222, 39, 243, 148, 2'817, 25, 310, 110};
  TlsCycle cycle((size & 1U) != 0);
  davy::Timestamp at;
  for (std::size_t i = 0; i + 4 <= size; i += 4) {
    const bool usual = (data[i] & 2U) != 0;
    const unsigned bytes = usual ? kUsual[data[i + 1] & 15U] + (data[i] >> 6U) : (data[i] >> 3U) * 256U + data[i + 1];
    at = at + davy::Nanoseconds(50'000'000LL * (data[i + 2] * 256 + data[i + 3]));
    if (cycle.see(static_cast<Side>(data[i] & 1U), bytes, at)) {
      const CycleFinding found = cycle.best();
      if (found.shares_kept > 2 * kCycleRecordsKept || found.pushes_kept > kCycleRecordsKept) __builtin_trap();
      if (found.unexplained > found.records + found.pushes_kept) __builtin_trap();
    }
  }
  return 0;
}

// Settings from any text: accepted values lie within the table's limits, everything else is an error.
#include <cstdlib>

#include "base/bytes.h"
#include "base/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto settings = davy::Settings::parse(davy::as_text({data, size}));
  if (!settings) return 0;
  const double seconds = settings->number("check.observe_seconds");
  if (!(seconds >= 0.1 && seconds <= 3600.0)) std::abort();
  return 0;
}

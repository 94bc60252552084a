// Recordings come from other machines: whatever parses must print and parse again to the same value.
#include <cstdlib>

#include "base/bytes.h"
#include "model/observation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = davy::Json::parse(davy::as_text({data, size}));
  if (!json) return 0;
  const auto observation = davy::model::parse_observation(*json);
  if (!observation) return 0;
  const davy::Json written = davy::model::to_json(*observation);
  const auto again = davy::model::parse_observation(written);
  if (!again || davy::model::to_json(*again) != written) std::abort();
  return 0;
}

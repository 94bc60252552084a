// Whatever parses must print as JSON that parses to the same value again.
#include <cstdlib>

#include "base/bytes.h"
#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = davy::as_text({data, size});
  const std::string shown = davy::printable(text);
  if (davy::printable(shown) != shown) std::abort();
  const auto parsed = davy::Json::parse(text);
  if (!parsed) return 0;
  const std::string written = parsed->dump();
  const auto again = davy::Json::parse(written);
  if (!again || again->dump() != written) std::abort();
  return 0;
}

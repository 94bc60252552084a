// Whatever text is read as YAML must give a value that prints as JSON, or a refusal; never a crash.
#include <cstdlib>

#include "base/bytes.h"
#include "intel/yaml_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = davy::intel::parse_yaml(davy::as_text({data, size}), "fuzz");
  if (value && !davy::Json::parse(value->dump())) std::abort();
  return 0;
}

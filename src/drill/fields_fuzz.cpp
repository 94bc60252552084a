// Foreign lines as both sides of the exercise's conversation read them.
#include "drill/fields.h"
#include "drill/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace davy::drill;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  Job job;
  if (read_job(line, job) && (job.blob_bytes < kNonceOffset + 4 || job.blob_bytes > kBlobBytesMax)) __builtin_trap();
  (void)number_field(line, mask("id"));
  (void)string_field(line, mask("id"), value_position(line, mask("params")) % (size + 1));
  return 0;
}

#include "formats/elf_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const davy::ByteView file(data, size);
  if (const auto header = davy::formats::parse_elf_header(file)) {
    const auto code = davy::formats::largest_code(*header, file);
    davy::formats::looks_packed(*header, file, davy::entropy_bits_per_byte(code));
  }
  return 0;
}

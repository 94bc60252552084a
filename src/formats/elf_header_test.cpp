#include "formats/elf_header.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"

namespace davy::formats {
namespace {

Bytes own_program() { return *read_file("/proc/self/exe", 512U << 20); }

TEST(ElfHeader, ReadsTheProgramThatRunsThisTest) {
  const Bytes file = own_program();
  const auto header = parse_elf_header(file);
  ASSERT_TRUE(header.has_value()) << describe(header.error());
  EXPECT_TRUE(header->is_64_bit);
  EXPECT_TRUE(header->has_interpreter);
  EXPECT_TRUE(header->has_sections);
  const ByteView code = largest_code(*header, file);
  EXPECT_GT(code.size(), 1000U);
  EXPECT_FALSE(looks_packed(*header, file, entropy_bits_per_byte(code)));
}

TEST(ElfHeader, EveryCutOfTheHeaderIsAnErrorOrAWholeHeader) {
  const Bytes file = own_program();
  for (std::size_t size = 0; size < 400; ++size) {
    const auto header = parse_elf_header(ByteView(file).subspan(0, size));
    EXPECT_TRUE(size >= 64 || !header.has_value()) << size;
  }
}

TEST(ElfHeader, OffsetsOutsideTheFileAreRefused) {
  Bytes file = own_program();
  std::fill_n(file.begin() + 32, 8, std::uint8_t{0xff});  // e_phoff
  EXPECT_FALSE(parse_elf_header(file).has_value());
}

TEST(ElfHeader, TheMarkOfUpxAndMissingSectionsWithDenseCodeLookPacked) {
  Bytes file = own_program();
  auto header = *parse_elf_header(file);
  header.has_sections = false;
  EXPECT_FALSE(looks_packed(header, file, 6.2));
  EXPECT_TRUE(looks_packed(header, file, 7.9));
  header.has_sections = true;
  std::ranges::copy(std::string_view("UPX!"), file.begin() + 0x300);
  EXPECT_TRUE(looks_packed(header, file, 6.2));
}

}  // namespace
}  // namespace davy::formats

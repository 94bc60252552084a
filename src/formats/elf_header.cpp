#include "formats/elf_header.h"

#include <algorithm>
#include <string_view>

namespace davy::formats {
namespace {

constexpr std::uint32_t kLoad = 1, kInterpreter = 3;  // PT_*
constexpr std::uint32_t kExecutable = 1, kWritable = 2;
constexpr std::size_t kUpxMarkWithin = 4096;
constexpr double kPackedEntropy = 7.5;  // compiled code stays below 6.8, deflated or encrypted bytes reach 7.9
constexpr std::uint64_t kUnpackFactor = 8;

std::uint64_t address(ByteView file, std::size_t at, bool wide) {
  return wide ? read_u64_le(file, at).value_or(0) : read_u32_le(file, at).value_or(0);
}

Result<ElfSegment> parse_segment(ByteView file, std::size_t at, bool wide, bool& interpreter) {
  const auto type = read_u32_le(file, at);
  const auto flags = read_u32_le(file, at + (wide ? 4 : 24));
  if (!type || !flags || at + (wide ? 56 : 32) > file.size())
    return fail(ErrorCode::malformed, "program header cut off");
  interpreter |= *type == kInterpreter;
  ElfSegment out;
  out.loadable = *type == kLoad;
  out.executable = (*flags & kExecutable) != 0, out.writable = (*flags & kWritable) != 0;
  out.offset = address(file, at + (wide ? 8 : 4), wide);
  out.file_size = address(file, at + (wide ? 32 : 16), wide);
  out.memory_size = address(file, at + (wide ? 40 : 20), wide);
  return out;
}

}  // namespace

Result<ElfHeader> parse_elf_header(ByteView file) {
  if (file.size() < 52 || !as_text(file).starts_with("\x7f"
                                                     "ELF"))
    return fail(ErrorCode::malformed, "not an ELF file");
  if ((file[4] != 1 && file[4] != 2) || file[5] != 1) return fail(ErrorCode::malformed, "not a little-endian ELF file");
  const bool wide = file[4] == 2;
  ElfHeader out;
  out.is_64_bit = wide;
  out.type = read_u16_le(file, 16).value_or(0), out.machine = read_u16_le(file, 18).value_or(0);
  out.entry = address(file, 24, wide);
  const std::uint64_t table = address(file, wide ? 32 : 28, wide);
  const std::uint16_t entry_size = read_u16_le(file, wide ? 54 : 42).value_or(0);
  const std::uint16_t count = read_u16_le(file, wide ? 56 : 44).value_or(0);
  const std::uint16_t sections = read_u16_le(file, wide ? 60 : 48).value_or(0);
  out.has_sections = sections > 1 && sections <= kElfSectionsMax && address(file, wide ? 40 : 32, wide) != 0;
  if (count > kElfSegmentsMax) return fail(ErrorCode::malformed, "too many program headers");
  if (count > 0 && entry_size < (wide ? 56 : 32)) return fail(ErrorCode::malformed, "program headers too small");
  if (table > file.size()) return fail(ErrorCode::malformed, "program headers outside the file");
  for (std::size_t i = 0; i < count; ++i)
    out.segments.push_back(
        TRY(parse_segment(file, static_cast<std::size_t>(table) + i * entry_size, wide, out.has_interpreter)));
  return out;
}

ByteView largest_code(const ElfHeader& header, ByteView file) {
  ByteView out;
  for (const ElfSegment& segment : header.segments) {
    if (!segment.loadable || !segment.executable || segment.offset >= file.size()) continue;
    const std::uint64_t size = std::min<std::uint64_t>(segment.file_size, file.size() - segment.offset);
    if (size > out.size()) out = file.subspan(static_cast<std::size_t>(segment.offset), static_cast<std::size_t>(size));
  }
  return out;
}

bool looks_packed(const ElfHeader& header, ByteView file, double entropy) {
  const std::string_view start = as_text(file.subspan(0, std::min(file.size(), kUpxMarkWithin)));
  if (start.find("UPX!") != std::string_view::npos) return true;
  if (header.has_sections) return false;
  if (entropy >= kPackedEntropy) return true;
  for (const ElfSegment& segment : header.segments)
    if (segment.loadable && segment.executable && segment.memory_size > (1U << 20) &&
        segment.file_size < segment.memory_size / kUnpackFactor)
      return true;
  return false;
}

}  // namespace davy::formats

// The parts of an ELF file that say what kind of program it is: class, machine, entry, loadable segments, sections.
//
// Reads foreign bytes: never trusts an offset or a count. Pure; thread-safe. Limits: kElfSegmentsMax program headers,
// kElfSectionsMax section headers. Errors: malformed.
//
//   const ElfHeader header = TRY(parse_elf_header(file, file_size));
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace davy::formats {

inline constexpr std::size_t kElfSegmentsMax = 128;
inline constexpr std::size_t kElfSectionsMax = 4096;

struct ElfSegment {
  bool loadable = false;
  bool executable = false;
  bool writable = false;
  std::uint64_t offset = 0;
  std::uint64_t file_size = 0;
  std::uint64_t memory_size = 0;
};

struct ElfHeader {
  bool is_64_bit = false;
  std::uint16_t type = 0;     // ET_*
  std::uint16_t machine = 0;  // EM_*
  std::uint64_t entry = 0;
  bool has_interpreter = false;
  bool has_sections = false;
  std::vector<ElfSegment> segments;
};

// `file` is the file or its beginning; it is enough that it holds the program headers. Little-endian files only.
Result<ElfHeader> parse_elf_header(ByteView file);

// Bytes of the largest executable loadable segment that `file` holds; empty when there is none.
ByteView largest_code(const ElfHeader& header, ByteView file);

// Whether it has the shape of a packed program: the UPX mark near the start, or, without sections, a nearly
// incompressible executable segment (`entropy` of largest_code, bits per byte) or one that unpacks into memory much
// larger than the file.
bool looks_packed(const ElfHeader& header, ByteView file, double entropy);

}  // namespace davy::formats

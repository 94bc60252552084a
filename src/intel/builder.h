// Makes the parts of a pack out of the YAML in data/, and refuses what must not be in a pack.
//
// A base pack comes from a folder: its files intel/*.yaml, each becoming the part of its name, and evidence/*.yaml,
// whose `kinds` are joined, in order of file names, into the part "evidence". An extra pack comes from one file with
// `author`, `class` (pool or coin_site), `sources` and `entries`.
//
// Refused, beyond what loading refuses (knowledge.h: loopback and private hosts among it): a host that stands twice in
// one file, a source that the file does not declare, a file that is missing. Stateless, thread-safe; POSIX, needs
// yaml-cpp. Limits: those of yaml_source.h, kEvidenceFilesMax. Errors: not_found, malformed, limit_exceeded,
// with file or entry as context.
//
//   const PackParts parts = TRY(build_parts("data"));
//   const Bytes pack = TRY(write_pack(header, parts, key, certificate));
#pragma once

#include <string>

#include "intel/pack.h"

namespace davy::intel {

inline constexpr std::size_t kEvidenceFilesMax = 100;

Result<PackParts> build_parts(const std::string& data_folder);

struct ExtraParts {
  std::string author;
  PackParts parts;
};
Result<ExtraParts> build_extra(const std::string& file);

}  // namespace davy::intel

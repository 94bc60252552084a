// Which installed package a file belongs to, and whether the file is still what the package brought.
//
// Reads the checksums that dpkg keeps (/var/lib/dpkg/info/*.md5sums) in one pass for all questions at once. The sums
// are MD5: good against accident and against whoever did not think of it; a root attacker can rewrite them, so an
// unchanged file only speaks against, and little. Other package systems answer "unknown".
// Limits: kPackageListBytesMax a list. Thread-safe (no state).
#pragma once

#include <map>
#include <string>
#include <vector>

namespace davy::host {

inline constexpr std::size_t kPackageListBytesMax = 32U << 20;
inline constexpr const char* kPackageFolder = "/var/lib/dpkg/info";

struct PackagedFile {
  std::string package;  // empty: no package has it
  std::string md5;
};

struct PackageAnswers {
  bool known = false;  // the database could be read
  std::map<std::string, PackagedFile> owners;

  // "unchanged", "changed", "unowned", "unknown".
  std::string state_of(const std::string& path, const std::string& md5) const;
  std::string package_of(const std::string& path) const;
};

// `paths` are absolute. A merged /usr is understood: /usr/bin/ls is also looked up as /bin/ls, and the other way.
PackageAnswers find_packages(const std::vector<std::string>& paths, const std::string& folder = kPackageFolder);

}  // namespace davy::host

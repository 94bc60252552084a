// Names of users from /etc/passwd, read once. Own parser: getpwuid(3) may load network name services into this process,
// which runs as root. Immutable after load; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace davy::host {

inline constexpr std::size_t kPasswdBytesMax = 4U << 20;

class Users {
 public:
  static Users load(const std::string& path = "/etc/passwd");  // no names when unreadable
  static Users parse(std::string_view passwd);

  // The name, or the number in digits for a user without one.
  std::string name_of(std::uint32_t uid) const;

 private:
  std::map<std::uint32_t, std::string> names_;
};

}  // namespace davy::host

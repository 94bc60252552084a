#include "host/linux/users.h"

#include <charconv>

#include "base/file.h"
#include "base/json.h"
#include "base/lines.h"

namespace davy::host {

Users Users::load(const std::string& path) {
  const auto bytes = read_file(path, kPasswdBytesMax);
  return bytes ? parse(as_text(*bytes)) : Users();
}

Users Users::parse(std::string_view passwd) {
  Users out;
  while (!passwd.empty()) {
    const std::string_view line = take_line(passwd);
    const std::size_t name_end = line.find(':');
    const std::size_t uid_start = name_end == std::string_view::npos ? name_end : line.find(':', name_end + 1);
    if (uid_start == std::string_view::npos) continue;
    std::uint32_t uid = 0;
    const auto read = std::from_chars(line.data() + uid_start + 1, line.data() + line.size(), uid);
    if (read.ec == std::errc()) out.names_.emplace(uid, printable(line.substr(0, name_end)));
  }
  return out;
}

std::string Users::name_of(std::uint32_t uid) const {
  const auto at = names_.find(uid);
  return at == names_.end() ? std::to_string(uid) : at->second;
}

}  // namespace davy::host

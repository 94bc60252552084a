// Excerpts hold their limit, whatever the bytes; the same bytes also serve as words of a command line.
#include "mining/miner_text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& seen : davy::mining::find_miner_texts(text, "memory", 4))
    if (seen.excerpt.size() > davy::model::kExcerptBytesMax) __builtin_trap();
  std::vector<std::string> argv;
  for (std::size_t at = 0; at < text.size() && argv.size() < 32;) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    argv.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  const auto seen = davy::mining::read_command_line(argv);
  if (seen && seen->excerpt.size() > davy::model::kExcerptBytesMax) __builtin_trap();
  return 0;
}

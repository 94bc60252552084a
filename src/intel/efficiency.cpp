#include "intel/efficiency.h"

#include <algorithm>

namespace davy::intel {
namespace {

std::vector<std::string> words_of(const Json& list) {
  std::vector<std::string> out;
  for (const Json& word : list.items()) out.emplace_back(word.string_or(""));
  return out;
}

}  // namespace

Result<Efficiencies> Efficiencies::parse(const Json& part) {
  const auto bad = [](std::string_view why) { return fail(ErrorCode::malformed, "efficiency: " + std::string(why)); };
  Efficiencies out;
  if (part["algorithms"].items().size() > kEfficienciesMax)
    return fail(ErrorCode::limit_exceeded, "too many entries of efficiency");
  for (const Json& line : part["algorithms"].items()) {
    Efficiency entry;
    entry.algorithms = words_of(line["algorithms"]), entry.coins = words_of(line["coins"]);
    entry.hashes_per_joule_low = line["low"].double_or(0.0), entry.hashes_per_joule_high = line["high"].double_or(0.0);
    if (entry.algorithms.empty() || std::ranges::count(entry.algorithms, "") > 0)
      return bad("an algorithm has no name");
    if (line["source"].string_or("").empty()) return bad("an entry names no source");
    if (!(entry.hashes_per_joule_low > 0.0) || entry.hashes_per_joule_high < entry.hashes_per_joule_low)
      return bad("low and high are no range");
    out.entries_.push_back(std::move(entry));
  }
  return out;
}

const Efficiency* Efficiencies::find(std::string_view algorithm, std::string_view coin) const {
  const auto fits = [&](const Efficiency& entry) {
    if (algorithm.empty()) return std::ranges::find(entry.coins, coin) != entry.coins.end();
    return std::ranges::any_of(entry.algorithms, [&](const auto& name) { return algorithm.starts_with(name); });
  };
  const auto found = std::ranges::find_if(entries_, fits);
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace davy::intel

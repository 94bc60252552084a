#include "match/name_set.h"

#include <algorithm>

namespace davy::match {

std::string normal_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kNameBytesMax) return {};
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool NameSet::add(std::string_view name, std::uint32_t value, Reach reach) {
  std::string key = normal_name(name);
  if (key.empty()) return false;
  Slot& slot = slots_[std::move(key)];
  auto& place = reach == Reach::exact ? slot.exact : slot.with_names_below;
  if (place) return false;
  place = value;
  ++size_;
  return true;
}

std::optional<std::uint32_t> NameSet::find(std::string_view host) const {
  const std::string name = normal_name(host);
  std::string_view rest = name;
  if (const auto at = slots_.find(rest); at != slots_.end() && at->second.exact) return at->second.exact;
  while (!rest.empty()) {
    if (const auto at = slots_.find(rest); at != slots_.end() && at->second.with_names_below)
      return at->second.with_names_below;
    const std::size_t dot = rest.find('.');
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  return std::nullopt;
}

}  // namespace davy::match

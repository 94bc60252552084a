#include "mining/proof_constants.h"

#include <algorithm>

namespace davy::mining {

Status ProofConstants::add_family(const Json& json) {
  Family family;
  family.name = json["family"].string_or("");
  family.minimum = static_cast<std::uint32_t>(json["minimum_distinct"].uint_or(0));
  family.weak = json["weak"].bool_or(false);
  if (family.name.empty() || family.minimum == 0 || families_.size() == kFamiliesMax)
    return fail(ErrorCode::malformed, "a family of constants needs a name and a minimum", family.name);
  for (const Json& item : json["constants"].items()) {
    const Bytes bytes = TRY(from_hex(item["hex"].string_or("")));
    if (bytes.size() < kConstantBytesMin || bytes.size() > match::kPatternBytesMax || patterns_.size() == kConstantsMax)
      return fail(ErrorCode::malformed, "a constant is too short, too long, or one too many", family.name);
    family.ids.push_back(static_cast<std::uint32_t>(patterns_.size()));
    patterns_.push_back({family.ids.back(), bytes});
  }
  if (family.ids.size() < family.minimum)
    return fail(ErrorCode::malformed, "a family has fewer constants than it needs", family.name);
  families_.push_back(std::move(family));
  return {};
}

Result<ProofConstants> ProofConstants::parse(const Json& part) {
  ProofConstants out;
  for (const Json& item : part["families"].items()) TRY(out.add_family(item));
  return out;
}

std::vector<model::FamilySeen> ProofConstants::families(const std::set<std::uint32_t>& seen) const {
  std::vector<model::FamilySeen> out;
  for (const Family& family : families_) {
    const auto distinct = std::ranges::count_if(family.ids, [&](std::uint32_t id) { return seen.contains(id); });
    if (distinct > 0) out.push_back({family.name, static_cast<std::uint32_t>(distinct), family.minimum, family.weak});
  }
  std::ranges::stable_sort(out, std::greater(), &model::FamilySeen::distinct);
  return out;
}

}  // namespace davy::mining

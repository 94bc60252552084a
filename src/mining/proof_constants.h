// Constants by which proof-of-work algorithms are known, in combinations: no single table proves anything, since honest
// libraries share them; a family counts from `minimum` distinct constants on.
//
// Data: part "proof_constants" of the intelligence pack (data/intel/proof_constants.yaml). Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "match/pattern_matcher.h"
#include "model/observation.h"

namespace davy::mining {

inline constexpr std::size_t kFamiliesMax = 64;
inline constexpr std::size_t kConstantsMax = 2'048;
inline constexpr std::size_t kConstantBytesMin = 6;

class ProofConstants {
 public:
  // {"families":[{"family","minimum_distinct","weak","source","constants":[{"name","hex"}]}]}. Errors: malformed.
  static Result<ProofConstants> parse(const Json& part);

  // Pattern ids are 0 to count()-1.
  const std::vector<match::Pattern>& patterns() const { return patterns_; }
  std::size_t count() const { return patterns_.size(); }

  // Families of which at least one of the constants in `seen` (pattern ids) was found, strongest first.
  std::vector<model::FamilySeen> families(const std::set<std::uint32_t>& seen) const;

 private:
  struct Family {
    std::string name;
    std::uint32_t minimum = 0;
    bool weak = false;
    std::vector<std::uint32_t> ids;
  };
  Status add_family(const Json& json);

  std::vector<Family> families_;
  std::vector<match::Pattern> patterns_;
};

}  // namespace davy::mining

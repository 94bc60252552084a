#include "model/verdict.h"

#include <array>
#include <string>

namespace davy::model {
namespace {

constexpr std::array<std::string_view, 4> kVerdicts = {"clear", "suspicious", "likely", "confirmed"};
constexpr std::array<std::string_view, 4> kHypotheses = {"mines", "tampered", "solicits", "forbidden"};

template <class Enum, std::size_t N>
Result<Enum> find(const std::array<std::string_view, N>& names, std::string_view name, std::string_view what) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return fail(ErrorCode::invalid_argument, "no such " + std::string(what), std::string(name));
}

}  // namespace

std::string_view name_of(Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }
std::string_view name_of(Hypothesis hypothesis) { return kHypotheses[static_cast<std::size_t>(hypothesis)]; }
Result<Verdict> parse_verdict(std::string_view name) { return find<Verdict>(kVerdicts, name, "verdict"); }
Result<Hypothesis> parse_hypothesis(std::string_view name) { return find<Hypothesis>(kHypotheses, name, "hypothesis"); }

}  // namespace davy::model

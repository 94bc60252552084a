#include "network/behaviour/miner_service.h"

#include <algorithm>

namespace davy::network::behaviour {
namespace {

constexpr std::string_view kSections[] = {"SUMMARY",    "DEVS",  "POOLS",    "VERSION", "CONFIG",    "STATS",
                                          "DEVDETAILS", "COIN",  "NOTIFY",   "PGA",     "ASC",       "ESTATS",
                                          "EDEVS",      "CHECK", "USBSTATS", "LCD",     "PRIVILEGED"};
constexpr std::string_view kRealms[] = {"antMiner Configuration", "blackMiner Configuration"};

bool is_status_letter(std::string_view letter) {
  return letter.size() == 1 && std::string_view("SIWEF").find(letter[0]) != std::string_view::npos;
}

std::string bounded(std::string_view text) { return printable(text.substr(0, kProductMax)); }

// "STATUS=S,When=1,Code=11,Msg=Summary,Description=cgminer 4.9" -> the value of a name in it.
std::string_view value_of(std::string_view section, std::string_view name) {
  for (std::string_view rest = section; !rest.empty();) {
    const std::string_view field = rest.substr(0, rest.find(','));
    if (field.starts_with(name) && field.size() > name.size() && field[name.size()] == '=')
      return field.substr(name.size() + 1);
    rest.remove_prefix(std::min(field.size() + 1, rest.size()));
  }
  return {};
}

bool opens_section(std::string_view text) {
  return std::ranges::any_of(kSections, [&](std::string_view name) {
    return text.starts_with(name) && text.size() > name.size() &&
           (text[name.size()] == ',' || text[name.size()] == '=');
  });
}

}  // namespace

std::optional<std::string> product_of_answer(const Json& answer) {
  const Json& list = answer["STATUS"];
  if (!list.is_array() || list.items().empty()) return std::nullopt;
  const Json& status = list.items()[0];
  if (!is_status_letter(status["STATUS"].string_or("")) || !status["When"].is_number() || !status["Code"].is_number() ||
      !status["Msg"].is_string() || !status["Description"].is_string())
    return std::nullopt;
  const bool section = std::ranges::any_of(kSections, [&](std::string_view name) { return answer[name].is_array(); });
  return section ? std::optional(bounded(status["Description"].string_or(""))) : std::nullopt;
}

std::optional<std::string> product_of_text_answer(std::string_view answer) {
  const std::size_t bar = answer.find('|');
  const std::string_view status = answer.substr(0, bar);
  if (bar == std::string_view::npos || !is_status_letter(value_of(status, "STATUS")) ||
      value_of(status, "When").empty() || value_of(status, "Code").empty() || value_of(status, "Description").empty() ||
      !opens_section(answer.substr(bar + 1)))
    return std::nullopt;
  return bounded(value_of(status, "Description"));
}

bool is_miner_realm(std::string_view realm) { return std::ranges::find(kRealms, realm) != std::end(kRealms); }

}  // namespace davy::network::behaviour

#include "mining/cycle/cycle_opening.h"

namespace davy::mining {
namespace {

constexpr std::uint8_t kClientRecords = 4;  // configure, subscribe, authorize, and what follows
constexpr SizeBand kTicket = {160, 330};    // of OpenSSL, GnuTLS and NSS, without and with a client's certificate name
constexpr std::size_t kTicketsMax = 2;

}  // namespace

bool CycleOpening::see(Side side, std::uint16_t size) {
  if (client_records_ < kClientRecords && side == Side::client) ++client_records_;
  if (client_records_ < kClientRecords && count_ < records_.size()) records_[count_++] = {size, side};
  return client_records_ < 2;
}

// Nothing when the server spoke first, but for tickets.
std::optional<std::size_t> CycleOpening::first_of_client() const {
  for (std::size_t i = 0; i < count_ && i <= kTicketsMax; ++i) {
    if (records_[i].side == Side::client) return i;
    if (!kTicket.has(records_[i].size)) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> CycleOpening::answer_to_login(SizeBand hello, SizeBand welcome) const {
  const auto first = first_of_client();
  if (!first || !hello.has(records_[*first].size)) return std::nullopt;
  for (std::size_t i = *first + 1; i < count_ && records_[i].side == Side::server; ++i)
    if (welcome.has(records_[i].size)) return records_[i].size;
  return std::nullopt;
}

bool CycleOpening::was_answered_by(SizeBand answer, SizeBand share) const {
  const auto first = first_of_client();
  if (!first) return false;
  for (std::size_t i = *first; i < count_; ++i) {
    if (records_[i].side == Side::server && answer.has(records_[i].size)) return true;
    if (records_[i].side == Side::client && share.has(records_[i].size)) return false;
  }
  return false;
}

}  // namespace davy::mining

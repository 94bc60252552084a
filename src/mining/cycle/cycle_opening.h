// The opening of an encrypted conversation as record sizes: who spoke first, how long the login was and what came back.
//
// Kept are the records up to the client's fourth, at most kOpeningRecords. Session tickets, which TLS 1.3 sends like
// data, may stand among the server's. A plain value of some forty bytes; not thread-safe.
//
//   opening.see(Side::client, 540), opening.see(Side::server, 480);
//   if (const auto answer = opening.answer_to_login({90, 760}, {290, 900})) ...   // 480
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "mining/dialect.h"

namespace davy::mining {

inline constexpr std::size_t kOpeningRecords = 12;

struct SizeBand {
  std::uint32_t low = 0, high = 0;  // inclusive, bytes

  bool has(std::uint32_t size) const { return size >= low && size <= high; }
  bool holds(const SizeBand& other) const { return other.high > 0 && other.low >= low && other.high <= high; }
};

class CycleOpening {
 public:
  // Whether the record belongs to the first exchange: the client's first message and what comes before its second.
  bool see(Side side, std::uint16_t size);

  // The size of the server's first message in `welcome`, when the client spoke first and its message is in `hello`.
  std::optional<std::uint32_t> answer_to_login(SizeBand hello, SizeBand welcome) const;
  // Whether the server said something in `answer` before the client first said something in `share`.
  bool was_answered_by(SizeBand answer, SizeBand share) const;

 private:
  struct Record {
    std::uint16_t size = 0;
    Side side = Side::client;
  };
  std::optional<std::size_t> first_of_client() const;

  std::array<Record, kOpeningRecords> records_{};
  std::uint8_t count_ = 0, client_records_ = 0;
};

}  // namespace davy::mining

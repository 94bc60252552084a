// Text that has the structure of miner configuration, of a conversation with a pool, or of a miner's command line.
// Words alone never count: "monero" and "pool" stand in this sentence too.
//
// Known forms: XMRig's JSON configuration, Stratum's JSON messages in the login and the mining.* dialects, pool URLs by
// scheme, and the usual options. Reads foreign bytes; linear; passwords are left out of excerpts. Pure; thread-safe.
// Limits: kTextContextBytes around each anchor, `max` texts.
//
//   for (const auto& seen : find_miner_texts(heap, "memory", 16)) report(seen.kind, seen.pool);
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "match/pattern_matcher.h"
#include "model/evidence.h"
#include "model/observation.h"

namespace davy::mining {

inline constexpr std::size_t kTextContextBytes = 4'096;  // to each side of an anchor

// Words at which it is worth looking closer; ids count up from `first_id`.
std::vector<match::Pattern> text_anchors(std::uint32_t first_id);

// The printable text around `at`, read as the strongest of the known forms.
std::optional<model::MinerTextSeen> read_miner_text(std::string_view bytes, std::size_t at, std::string_view place);

// All texts around all anchors of `bytes`; what was seen once is not repeated.
std::vector<model::MinerTextSeen> find_miner_texts(std::string_view bytes, std::string_view place, std::size_t max);

// Whether a text of the same kind with the same pool and wallet is among `texts`.
bool is_known(const std::vector<model::MinerTextSeen>& texts, const model::MinerTextSeen& seen);

// A miner's command line: a pool, and a user or an algorithm beside it.
std::optional<model::MinerTextSeen> read_command_line(std::span<const std::string> argv);

// "host:port" of "stratum+tcp://host:port/", "host:port" or "[v6]:port"; empty when it is none.
std::string pool_of(std::string_view url);

}  // namespace davy::mining

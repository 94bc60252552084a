// What a prober asks a server, in which order: each question is made of bytes that any miner might send first, with
// nothing true in them but that somebody asks.
//
// The wallet cannot exist (its checksum is wrong), names say that this is a probe. Pure; thread-safe.
//
//   for (const Question& question : questions_for(true)) ask(question, bytes_of(question, host, seed));
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace davy::network::probe {

enum class Kind : std::uint8_t { stratum, cryptonote, ethproxy, stratum_v2, block_template, web_miner };

struct Question {
  Kind kind = Kind::stratum;
  bool tls = false;
  bool server_name = false;  // in the TLS hello
};

// "stratum", "tls cryptonote with a server name"
std::string name_of(const Question& question);

// In order; with a name there is one more way to open TLS.
std::vector<Question> questions_for(bool has_name);

// `host` is what the Host header says; `seed` chooses the random bytes of Stratum V2's key.
Bytes bytes_of(const Question& question, std::string_view host, std::uint64_t seed);

}  // namespace davy::network::probe

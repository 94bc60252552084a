// The members of the mining.* family, told apart by the shapes of their messages: what a notify, a submit and the reply
// to a subscribe hold, of which type and length, in which place.
//
// Pure functions over parsed JSON; thread-safe. Nothing is kept; texts are views into the message. A shape that belongs
// to several members gives Family::unknown, one that belongs to none gives nothing. Sources: stratumprotocol
// (slushpool), ZIP 301, NiceHash's EthereumStratum/1.0.0, EIP-1571, the servers of Kaspa, Ergo, Conflux, Alephium and
// Aeternity.
//
//   family_of_notify(params);   // Family::kawpow for [job, header, seed, target, clean, height, bits]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace davy::mining::stratum {

enum class Family : std::uint8_t {
  unknown,
  bitcoin,
  zcash,
  kawpow,
  kaspa,
  ergo,
  conflux,
  alephium,
  aeternity,
  ethereum1,  // EthereumStratum/1.0.0
  ethereum2,  // EthereumStratum/2.0.0
};

std::string_view dialect_of(Family family);    // "stratum.zcash"; "stratum" for unknown as well
std::string_view coin_of(Family family);       // empty where several coins share the shape evenly
std::string_view algorithm_of(Family family);  // empty where it cannot be told from the shape

inline constexpr std::string_view kEthereumStratum1 = "EthereumStratum/1.0.0";
inline constexpr std::string_view kEthereumStratum2 = "EthereumStratum/2.0.0";

// The params of mining.notify; nothing when they are a job of no member.
std::optional<Family> family_of_notify(const Json& params);

// A share: the params of mining.submit.
struct Submission {
  Family family = Family::unknown;
  std::string worker;
  std::string job;
  std::string nonce;  // all that makes it distinct within its job, in lower case
};
// `known`: the member that earlier messages named, for shapes that several have.
std::optional<Submission> read_submit(const Json& params, Family known);

// The result of mining.subscribe or mining.hello.
struct Welcome {
  Family family = Family::unknown;
  bool certain = false;  // nothing else is answered so, even when the request was not seen
  std::string_view extranonce;
};
std::optional<Welcome> read_welcome(const Json& result);

// The error of a refused share: [21, "Job not found", null].
bool is_refusal(const Json& error);

// Equihash by the digits of a solution with its length: "equihash 200,9"; empty when it is none.
std::string_view equihash_of(std::size_t solution_digits);

}  // namespace davy::mining::stratum

// The management of mining machines and programs, by its structure: the interface that cgminer brought and that most
// machines made for mining still answer (JSON, or text with bars), and the login of their web pages.
//
// An answer of the interface is an object with a list STATUS, whose first entry has STATUS (one letter), When, Code,
// Msg and Description, beside at least one section (SUMMARY, DEVS, POOLS, ...). Pure functions on foreign bytes;
// thread-safe. Products are printable and at most kProductMax.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace davy::network::behaviour {

inline constexpr std::uint16_t kMinerApiPort = 4'028;
inline constexpr std::size_t kProductMax = 64;

// "cgminer 4.11.1": the Description of an answer; nothing when it is none.
std::optional<std::string> product_of_answer(const Json& answer);
std::optional<std::string> product_of_text_answer(std::string_view answer);

// The realm of a login that only mining machines ask for.
bool is_miner_realm(std::string_view realm);

}  // namespace davy::network::behaviour

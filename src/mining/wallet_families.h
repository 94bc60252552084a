// The parts of parse_wallet, one for each family of checksums, in files of their own. Each is given a whole text,
// refuses at once what cannot be of its family, and gives nothing unless the checksum holds. Pure functions;
// thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "mining/wallet.h"

namespace davy::mining {

// Base58 with a double SHA-256 (Bitcoin and its relatives, Aeternity) or BLAKE2b (Ergo).
std::optional<Wallet> parse_base58_wallet(std::string_view text);

// Monero's Base58 with Keccak-256; a network that is not known is "cryptonote-other".
std::optional<Wallet> parse_cryptonote_wallet(std::string_view text);

// Bech32 and Bech32m, told by their prefix.
std::optional<Wallet> parse_bech32_wallet(std::string_view text);

// The cashaddr form, with its prefix; Bitcoin Cash without it too.
std::optional<Wallet> parse_cashaddr_wallet(std::string_view text);

// Hexadecimal whose capitals are the checksum (EIP-55).
std::optional<Wallet> parse_ethereum_wallet(std::string_view text);

// "NQ", two check digits modulo 97 and 32 characters, with or without a space between every four.
std::optional<Wallet> parse_nimiq_wallet(std::string_view text);

}  // namespace davy::mining

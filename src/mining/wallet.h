// Addresses of coins, recognised by their checksums and not by their looks: a text is a wallet only if it proves
// itself.
//
// Known, of main networks only:
//   Base58, double SHA-256      Bitcoin, Litecoin, Dogecoin, Dash, Ravencoin, Zcash (transparent), Zen, Aeternity
//   Base58, BLAKE2b             Ergo (public keys, script hashes)
//   CryptoNote Base58, Keccak   Monero, Wownero, Sumokoin, Salvium, Haven, Conceal, Aeon, Masari, Oxen, TurtleCoin,
//                               Dero before 2022, unprll; with any other tag "cryptonote-other"
//   Bech32 and Bech32m          Bitcoin and Litecoin (segwit, taproot), Zcash (Sapling, unified), Chia, Grin, Dero
//   cashaddr                    Bitcoin Cash (also without its prefix), eCash, Kaspa, Conflux (short form), Nexa
//   capitals (EIP-55)           Ethereum and all that share its addresses; one in one case carries no checksum: none
//   check digits modulo 97      Nimiq: weak, one text of its form in 97 passes, and a digit put for a letter may pass
// Not known, because they have no checksum: Beam, Alephium, Duino-Coin; and Litecoin's MWEB.
// Some coins share what tells them apart. Then the one that is mined most is named: "bitcoin" for the old form of
// Bitcoin Cash, "ravencoin" for Verus and Komodo, "zcash" for Flux, "ethereum" for Ethereum Classic.
// A valid wallet says nothing about mining by itself: explorers and shops are full of them.
//
// Pure functions; thread-safe. The first use of SHA-256 makes the library read its settings: call parse_wallet once
// before a process confines itself (MemoryScanner::create does).
//
//   parse_wallet("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");   // bitcoin, p2pkh
//   find_wallets("user=1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa.rig1", 10).size();   // 1
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace davy::mining {

inline constexpr std::size_t kWalletCharactersMax = 256;

struct Wallet {
  std::string coin;  // "monero", "bitcoin", ..., in lower case as listed above without spaces
  std::string kind;  // "standard", "subaddress", "integrated"; "p2pkh", "p2sh", "segwit", "taproot"; "eip55"; ...
  std::string address;

  friend bool operator==(const Wallet&, const Wallet&) = default;
};

// Exactly one address, nothing around it.
std::optional<Wallet> parse_wallet(std::string_view text);

// Distinct wallets in the order in which they first appear, at most `max`. Only between characters that are neither
// letters nor digits (the ends of the text count); one with a prefix ("kaspa:", "ak_") is found with it, one with
// spaces is not found. Bytes of any kind; time is linear, and where there are no long runs of letters and digits only
// every 26th byte is looked at.
std::vector<Wallet> find_wallets(std::string_view text, std::size_t max);

// Every occurrence with its offset; `found` returns false to stop.
void for_each_wallet(std::string_view text, const std::function<bool(const Wallet&, std::size_t offset)>& found);

}  // namespace davy::mining

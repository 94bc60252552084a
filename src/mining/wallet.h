// Addresses of coins, recognised by their checksums and not by their looks: a text is a wallet only if it proves
// itself.
//
// Known: Monero main network (standard, subaddress, integrated), Bitcoin main network (P2PKH, P2SH, segwit version 0,
// taproot), Ethereum with its EIP-55 checksum. A hexadecimal Ethereum address in one case carries no checksum and is
// none. A valid wallet says nothing about mining by itself: explorers and shops are full of them.
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

struct Wallet {
  std::string coin;  // "monero", "bitcoin", "ethereum"
  std::string kind;  // "standard", "subaddress", "integrated"; "p2pkh", "p2sh", "segwit", "taproot"; "eip55"
  std::string address;

  friend bool operator==(const Wallet&, const Wallet&) = default;
};

// Exactly one address, nothing around it.
std::optional<Wallet> parse_wallet(std::string_view text);

// Distinct wallets in the order in which they first appear, at most `max`. Only between characters that are neither
// letters nor digits (the ends of the text count). Bytes of any kind; time is linear, and where there are no long runs
// of letters and digits only every 26th byte is looked at.
std::vector<Wallet> find_wallets(std::string_view text, std::size_t max);

// Every occurrence with its offset; `found` returns false to stop.
void for_each_wallet(std::string_view text, const std::function<bool(const Wallet&, std::size_t offset)>& found);

}  // namespace davy::mining

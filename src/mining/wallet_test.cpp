#include "mining/wallet.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "mining/base58.h"
#include "mining/keccak.h"

namespace davy::mining {
namespace {

// The donation addresses that the Monero project published, the address of Bitcoin's first block, and the vectors of
// BIP-173, BIP-350 and EIP-55.
constexpr const char* kMonero =
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";
constexpr const char* kMoneroSubaddress =
    "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H";
constexpr const char* kBitcoin = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
constexpr const char* kBitcoinScript = "3P14159f73E4gFr7JterCCQh9QjiTjiZrG";
constexpr const char* kSegwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
constexpr const char* kTaproot = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
constexpr const char* kEthereum = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

constexpr std::array kAll = {kMonero, kMoneroSubaddress, kBitcoin, kBitcoinScript, kSegwit, kTaproot, kEthereum};

std::string monero_with(std::uint8_t tag, std::size_t body_bytes) {
  Bytes bytes(1 + body_bytes, 0x42);
  bytes[0] = tag;
  const auto digest = keccak256(bytes);
  bytes.insert(bytes.end(), digest.begin(), digest.begin() + 4);
  return encode_monero_base58(bytes);
}

TEST(Wallet, KnowsWhatKindItIs) {
  EXPECT_EQ(parse_wallet(kMonero), (Wallet{"monero", "standard", kMonero}));
  EXPECT_EQ(parse_wallet(kMoneroSubaddress), (Wallet{"monero", "subaddress", kMoneroSubaddress}));
  EXPECT_EQ(parse_wallet(kBitcoin), (Wallet{"bitcoin", "p2pkh", kBitcoin}));
  EXPECT_EQ(parse_wallet(kBitcoinScript), (Wallet{"bitcoin", "p2sh", kBitcoinScript}));
  EXPECT_EQ(parse_wallet(kSegwit), (Wallet{"bitcoin", "segwit", kSegwit}));
  EXPECT_EQ(parse_wallet(kTaproot), (Wallet{"bitcoin", "taproot", kTaproot}));
  EXPECT_EQ(parse_wallet(kEthereum), (Wallet{"ethereum", "eip55", kEthereum}));
  const std::string integrated = monero_with(19, 72);
  ASSERT_EQ(integrated.size(), 106U);
  EXPECT_EQ(parse_wallet(integrated), (Wallet{"monero", "integrated", integrated}));
}

TEST(Wallet, TakesOnlyTheMainNetworkAndTheRightLength) {
  EXPECT_TRUE(parse_wallet(monero_with(18, 64)));
  for (const int tag : {19, 24, 36, 53, 63})
    EXPECT_FALSE(parse_wallet(monero_with(static_cast<std::uint8_t>(tag), 64))) << tag;
  EXPECT_FALSE(parse_wallet(monero_with(18, 72)));
  EXPECT_FALSE(parse_wallet("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn")) << "Bitcoin test network";
}

TEST(Wallet, NoticesEveryChangedCharacter) {
  for (const std::string_view valid : kAll)
    for (std::size_t i = 0; i < valid.size(); ++i)
      for (const char other : {'2', '5', 'a', 'Z'}) {
        std::string changed(valid);
        changed[i] = other;
        if (changed == valid) continue;
        EXPECT_FALSE(parse_wallet(changed)) << changed;
      }
}

TEST(Wallet, NoticesAMissingOrAddedCharacter) {
  for (const std::string valid : kAll) {
    EXPECT_FALSE(parse_wallet(valid.substr(1)));
    EXPECT_FALSE(parse_wallet(valid.substr(0, valid.size() - 1)));
    EXPECT_FALSE(parse_wallet(valid + "a"));
    EXPECT_FALSE(parse_wallet(" " + valid));
  }
  EXPECT_FALSE(parse_wallet(""));
}

TEST(Wallet, TakesEthereumOnlyWithItsChecksum) {
  for (const char* valid : {"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
                            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"})
    EXPECT_TRUE(parse_wallet(valid)) << valid;
  EXPECT_FALSE(parse_wallet("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));
  EXPECT_FALSE(parse_wallet("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"));
  EXPECT_FALSE(parse_wallet("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
}

TEST(FindWallets, FindsThemAtAnyPositionInAnyBytes) {
  for (std::size_t before = 0; before < 60; ++before)
    for (const std::string_view wallet : kAll) {
      std::string text(before, before % 2 == 0 ? '\0' : ' ');
      text.append("user=").append(wallet).append(".rig+5000");
      const auto found = find_wallets(text, 10);
      ASSERT_EQ(found.size(), 1U) << text;
      EXPECT_EQ(found[0].address, wallet);
    }
}

TEST(FindWallets, StaysAtTokenBoundaries) {
  for (const std::string_view wallet : kAll) {
    EXPECT_TRUE(find_wallets("x" + std::string(wallet), 10).empty());
    EXPECT_TRUE(find_wallets(std::string(wallet) + "x", 10).empty());
    EXPECT_EQ(find_wallets(std::string(wallet), 10).size(), 1U);
  }
}

TEST(FindWallets, FindsManyAndEachOnce) {
  std::string text;
  for (int round = 0; round < 2; ++round)
    for (const std::string_view wallet : kAll) text.append(wallet).append(",");
  EXPECT_EQ(find_wallets(text, 100).size(), kAll.size());
  EXPECT_EQ(find_wallets(text, 3).size(), 3U);
  EXPECT_TRUE(find_wallets(text, 0).empty());
}

TEST(FindWallets, FindsNothingInNoise) {
  std::mt19937 random(3);
  std::string noise(1U << 20, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  EXPECT_TRUE(find_wallets(noise, 10).empty());
  EXPECT_TRUE(find_wallets(std::string(1U << 20, 'A'), 10).empty());
}

}  // namespace
}  // namespace davy::mining

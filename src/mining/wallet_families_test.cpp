#include "mining/wallet_families.h"

#include <gtest/gtest.h>

#include <random>

#include "mining/blake2b.h"
#include "mining/wallet_test_encoders.h"

namespace davy::mining {
namespace {

using test::operator+;

Bytes payload(std::size_t size) {
  static std::mt19937 random(5);
  Bytes out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(random()));
  return out;
}

std::string base58check(const Bytes& version) { return test::base58check(version + payload(20)); }
std::string cryptonote(std::uint64_t tag, std::size_t bytes) {
  return test::cryptonote(test::varint(tag) + payload(bytes));
}

std::string bech32(const std::string& prefix, std::size_t bytes, bool modified) {
  return test::bech32(prefix, test::to_five_bits(payload(bytes)), modified);
}

std::string segwit(const std::string& prefix, std::uint8_t version, std::size_t bytes) {
  return test::bech32(prefix, Bytes{version} + test::to_five_bits(payload(bytes)), version > 0);
}

std::string cashaddr(const std::string& prefix, std::uint8_t version, std::size_t bytes) {
  return prefix + ":" + test::cashaddr_body(prefix, Bytes{version} + payload(bytes), test::kBech32Letters);
}

std::string conflux() {
  return "cfx:" + test::cashaddr_body("cfx", Bytes{0, 0x1a} + payload(19), test::kConfluxLetters);
}

// A compressed public key begins with 2 or 3.
std::string ergo(std::uint8_t kind, std::size_t bytes) {
  const Bytes body = Bytes{kind, 3} + payload(bytes - 1);
  const Bytes digest = blake2b(body, 32);
  return test::base58(body + Bytes(digest.begin(), digest.begin() + 4));
}

// Every form of address, each made anew from random payloads.
std::vector<Wallet> one_of_each() {
  return {{"bitcoin", "p2pkh", base58check({0})},
          {"bitcoin", "p2sh", base58check({5})},
          {"litecoin", "p2pkh", base58check({48})},
          {"litecoin", "p2sh", base58check({50})},
          {"dogecoin", "p2pkh", base58check({30})},
          {"dogecoin", "p2sh", base58check({22})},
          {"dash", "p2pkh", base58check({76})},
          {"dash", "p2sh", base58check({16})},
          {"ravencoin", "p2pkh", base58check({60})},
          {"ravencoin", "p2sh", base58check({122})},
          {"zcash", "p2pkh", base58check({0x1c, 0xb8})},
          {"zcash", "p2sh", base58check({0x1c, 0xbd})},
          {"zen", "p2pkh", base58check({0x20, 0x89})},
          {"zen", "p2sh", base58check({0x20, 0x96})},
          {"aeternity", "account", "ak_" + test::base58check(payload(32))},
          {"ergo", "p2pk", ergo(1, 33)},
          {"ergo", "p2sh", ergo(2, 24)},
          {"bitcoin", "segwit", segwit("bc", 0, 20)},
          {"bitcoin", "segwit", segwit("bc", 0, 32)},
          {"bitcoin", "taproot", segwit("bc", 1, 32)},
          {"litecoin", "segwit", segwit("ltc", 0, 20)},
          {"litecoin", "taproot", segwit("ltc", 1, 32)},
          {"zcash", "sapling", bech32("zs", 43, false)},
          {"zcash", "unified", bech32("u", 61, true)},
          {"zcash", "unified", bech32("u", 128, true)},
          {"chia", "account", bech32("xch", 32, true)},
          {"grin", "account", bech32("grin", 32, false)},
          {"dero", "account", bech32("dero", 34, false)},
          {"bitcoincash", "p2pkh", cashaddr("bitcoincash", 0, 20)},
          {"bitcoincash", "p2sh", cashaddr("bitcoincash", 8, 20)},
          {"bitcoincash", "p2pkh", cashaddr("bitcoincash", 0, 20).substr(12)},
          {"ecash", "p2pkh", cashaddr("ecash", 0, 20)},
          {"kaspa", "schnorr", cashaddr("kaspa", 0, 32)},
          {"kaspa", "ecdsa", cashaddr("kaspa", 1, 33)},
          {"kaspa", "p2sh", cashaddr("kaspa", 8, 32)},
          {"nexa", "p2pkh", cashaddr("nexa", 0, 20)},
          {"nexa", "template", cashaddr("nexa", 0x98, 24)},
          {"conflux", "account", conflux()},
          {"monero", "standard", cryptonote(18, 64)},
          {"monero", "integrated", cryptonote(19, 72)},
          {"monero", "subaddress", cryptonote(42, 64)},
          {"wownero", "standard", cryptonote(4146, 64)},
          {"wownero", "integrated", cryptonote(6810, 72)},
          {"sumokoin", "standard", cryptonote(0x2bb39a, 64)},
          {"salvium", "subaddress", cryptonote(0xf5ef318, 64)},
          {"haven", "standard", cryptonote(0x5af4, 64)},
          {"conceal", "standard", cryptonote(0x7ad4, 64)},
          {"turtlecoin", "standard", cryptonote(0x3bbb1d, 64)},
          {"dero", "standard", cryptonote(0xc8ed8, 64)},
          {"cryptonote-other", "standard", cryptonote(0x1234, 64)},
          {"cryptonote-other", "integrated", cryptonote(0x7ffffffff, 72)}};
}

TEST(WalletFamilies, KnowsEveryForm) {
  for (int round = 0; round < 20; ++round)
    for (const Wallet& wallet : one_of_each()) EXPECT_EQ(parse_wallet(wallet.address), wallet) << wallet.address;
}

// Examples of specifications, addresses without an owner that coins are burnt to, and those in the source of nodes.
TEST(WalletFamilies, TakesWhatTheProjectsPublish) {
  const std::vector<Wallet> published = {
      {"ergo", "p2pk", "9fRAWhdxEsTcdb8PhGNrZfwqa65zfkuYHAMmkQLcic1gdLSV5vA"},
      {"ergo", "p2sh", "8UApt8czfFVuTgQmMwtsRBZ4nfWquNiSwCWUjMg"},
      {"chia", "account", "xch1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqm6ks6e8mvy"},
      {"kaspa", "schnorr", "kaspa:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqkx9awp4e"},
      {"conflux", "account", "cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg"},
      {"bitcoincash", "p2pkh", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"},
      {"litecoin", "segwit", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"},
      {"ravencoin", "p2pkh", "RXissueAssetXXXXXXXXXXXXXXXXXhhZGt"},
      {"zcash", "p2sh", "t3Vz22vK5z2LcKEdg16Yv4FFneEL1zg9ojd"},
      {"zcash", "unified",
       "u1l8xunezsvhq8fgzfl7404m450nwnd76zshscn6nfys7vyz2ywyh4cc5daaq0c7q2su5lqfh23sp7fkf3kt27ve5948mzpfdvckzaect2jtte"
       "308mkwlycj2u0eac077wu70vqcetkxf"}};
  for (const Wallet& wallet : published) EXPECT_EQ(parse_wallet(wallet.address), wallet) << wallet.address;
}

TEST(WalletFamilies, BeginsAsTheCoinsUse) {
  EXPECT_EQ(cryptonote(4146, 64).substr(0, 2), "Wo");
  EXPECT_EQ(cryptonote(0x2bb39a, 64).substr(0, 4), "Sumo");
  EXPECT_EQ(cryptonote(0xf5ef318, 64).substr(0, 5), "SaLvs");
  EXPECT_EQ(cryptonote(0x7ad4, 64).substr(0, 4), "ccx7");
  EXPECT_EQ(cryptonote(0x5af4, 64).substr(0, 3), "hvx");
  EXPECT_EQ(cryptonote(0x3bbb1d, 64).substr(0, 4), "TRTL");
  EXPECT_EQ(base58check({0x1c, 0xb8}).substr(0, 2), "t1");
  EXPECT_EQ(base58check({0x1c, 0xbd}).substr(0, 2), "t3");
  EXPECT_EQ(base58check({0x20, 0x89}).substr(0, 2), "zn");
  EXPECT_EQ(ergo(1, 33)[0], '9');
  EXPECT_EQ(bech32("dero", 34, false).substr(0, 5), "dero1");
  EXPECT_EQ(bech32("dero", 34, false).size(), 66U);
  EXPECT_EQ(cashaddr("kaspa", 0, 32).size(), 6 + 61U);
}

TEST(WalletFamilies, NoticesEveryChangedCharacter) {
  std::mt19937 random(6);
  constexpr std::string_view kLetters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  for (const Wallet& wallet : one_of_each())
    for (std::size_t i = 0; i < wallet.address.size(); ++i)
      for (int round = 0; round < 8; ++round) {
        std::string changed = wallet.address;
        changed[i] = kLetters[random() % kLetters.size()];
        if (changed == wallet.address) continue;
        EXPECT_FALSE(parse_wallet(changed)) << wallet.address << "\n" << changed;
      }
}

TEST(WalletFamilies, NoticesAMissingAddedOrExchangedCharacter) {
  for (const Wallet& wallet : one_of_each()) {
    const std::string& valid = wallet.address;
    EXPECT_FALSE(parse_wallet(valid.substr(0, valid.size() - 1))) << valid;
    EXPECT_FALSE(parse_wallet(valid.substr(1))) << valid;
    EXPECT_FALSE(parse_wallet(valid + "q")) << valid;
    EXPECT_FALSE(parse_wallet("q" + valid)) << valid;
    std::string exchanged = valid;
    std::swap(exchanged[valid.size() - 3], exchanged[valid.size() - 4]);
    EXPECT_TRUE(exchanged == valid || !parse_wallet(exchanged)) << valid;
  }
}

TEST(WalletFamilies, FindsEveryFormAmongOtherText) {
  for (const Wallet& wallet : one_of_each()) {
    const std::string text = "{\"login\":\"" + wallet.address + ".rig-1\",\"pass\":\"x\"}";
    const auto found = find_wallets(text, 10);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(found[0], wallet);
    EXPECT_TRUE(find_wallets("{\"login\":\"" + wallet.address + "x\"}", 10).empty()) << wallet.address;
  }
}

TEST(WalletFamilies, TakesUpperCaseWhereTheFormDoes) {
  const auto upper = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
  };
  for (const std::string& lower : {segwit("bc", 0, 20), bech32("xch", 32, true), cashaddr("kaspa", 0, 32), conflux()}) {
    EXPECT_TRUE(parse_wallet(upper(lower))) << lower;
    EXPECT_FALSE(parse_wallet(upper(lower.substr(0, 10)) + lower.substr(10))) << lower;
    EXPECT_FALSE(parse_wallet(lower.substr(0, 5) + upper(lower.substr(5)))) << lower;
  }
}

TEST(WalletFamilies, RefusesOtherNetworksVersionsAndSizes) {
  for (const std::string& other : {base58check({111}),
                                   base58check({196}),
                                   base58check({0x1d, 0x25}),
                                   base58check({113}),
                                   test::base58check(Bytes{0} + payload(19)),
                                   test::base58check(Bytes{0} + payload(21)),
                                   "ak_" + test::base58check(payload(31)),
                                   "ok_" + test::base58check(payload(32)),
                                   ergo(0x11, 33),
                                   ergo(3, 33),
                                   ergo(1, 32),
                                   segwit("tb", 0, 20),
                                   segwit("bc", 2, 32),
                                   bech32("zs", 43, true),
                                   bech32("zs", 42, false),
                                   bech32("u", 61, false),
                                   bech32("u", 20, true),
                                   bech32("txch", 32, true),
                                   bech32("grin", 32, true),
                                   bech32("dero", 33, false),
                                   cashaddr("bchtest", 0, 20),
                                   cashaddr("bitcoincash", 1, 24),
                                   cashaddr("kaspa", 0, 33),
                                   cashaddr("kaspatest", 0, 32),
                                   cashaddr("kaspa", 0, 32).substr(6),
                                   cashaddr("ecash", 0, 20).substr(6),
                                   cryptonote(18, 72),
                                   cryptonote(19, 64),
                                   cryptonote(18, 63),
                                   cryptonote(18, 65),
                                   cryptonote(53, 64),
                                   cryptonote(24, 64),
                                   cryptonote(6810, 64),
                                   cryptonote(0xfffffffffffffff, 64)})
    EXPECT_FALSE(parse_wallet(other)) << other;
}

TEST(WalletFamilies, RefusesATagThatIsLongerThanNeeded) {
  EXPECT_FALSE(parse_wallet(test::cryptonote(Bytes{0x92, 0x00} + payload(64))));
  EXPECT_TRUE(parse_wallet(test::cryptonote(Bytes{0x92, 0x01} + payload(64))));
}

TEST(Nimiq, TakesBothWritings) {
  EXPECT_EQ(parse_wallet("NQ0700000000000000000000000000000000")->coin, "nimiq");
  EXPECT_TRUE(parse_wallet("NQ07 0000 0000 0000 0000 0000 0000 0000 0000"));
  for (int round = 0; round < 50; ++round) {
    const std::string address = test::nimiq(payload(20));
    EXPECT_TRUE(parse_wallet(address)) << address;
    EXPECT_EQ(find_wallets("address: " + address + ",", 5).size(), 1U);
  }
}

TEST(Nimiq, RefusesOtherSpacing) {
  EXPECT_FALSE(parse_wallet("NQ07 0000 0000 0000 0000 0000 0000 00000000 "));
  EXPECT_FALSE(parse_wallet("NQ07 0000 0000 0000 0000 0000 0000 0000-0000"));
  EXPECT_FALSE(parse_wallet("NQ07  000 0000 0000 0000 0000 0000 0000 0000"));
  EXPECT_FALSE(parse_wallet("nq0700000000000000000000000000000000"));
}

// A letter for a letter, a digit for a digit: what the check digits promise.
TEST(Nimiq, NoticesAChangeWithinItsClass) {
  for (int round = 0; round < 20; ++round) {
    const std::string address = test::nimiq(payload(20));
    for (std::size_t i = 2; i < address.size(); ++i)
      for (const char other : std::string_view("0123456789ABCDEFGHJKLMNPQRSTUVXY")) {
        std::string changed = address;
        changed[i] = other;
        const bool same_class = (other <= '9') == (address[i] <= '9');
        if (!same_class || changed == address) continue;
        EXPECT_FALSE(parse_wallet(changed)) << address << "\n" << changed;
      }
  }
}

}  // namespace
}  // namespace davy::mining

#include <gtest/gtest.h>

#include "mining/test_talk.h"

namespace davy::mining {
namespace {

const std::string kBitcoinWallet = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
const std::string kEthereumWallet = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const std::string kHash(64, 'a');
const std::string kOtherHash(64, 'b');

std::string call(const std::string& id, const std::string& method, const std::string& params) {
  return R"({"id":)" + id + R"(,"method":")" + method + R"(","params":)" + params + "}";
}
std::string push(const std::string& method, const std::string& params) { return call("null", method, params); }
std::string reply(const std::string& id, const std::string& result) {
  return R"({"id":)" + id + R"(,"result":)" + result + R"(,"error":null})";
}
// ["a","b"] of words, which may be JSON themselves.
std::string list(std::initializer_list<std::string> words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "[" : ",") + word;
  return out + "]";
}
std::string quoted(const std::string& text) { return '"' + text + '"'; }

// The first block after the genesis block, as a pool would have announced it.
const std::string kBitcoinNotify = push(
    "mining.notify",
    list({quoted("b1"), quoted("0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000"),
          quoted("01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0704ffff00"),
          quoted("04ffffffff0100f2052a0100000043410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da"
                 "7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac00000000"),
          "[]", quoted("00000001"), quoted("1d00ffff"), quoted("4966bc00"), "true"}));
std::string bitcoin_submit(const std::string& id, const std::string& nonce) {
  return call(id, "mining.submit",
              list({quoted(kBitcoinWallet + ".rig"), quoted("b1"), quoted("01"), quoted("4966bc61"), quoted(nonce)}));
}
const std::string kBitcoinWelcome = R"([[["mining.set_difficulty","s"],["mining.notify","s"]],"1d",1])";

TEST(Stratum, FollowsBitcoinAndRecomputesItsShares) {
  TestTalk talk(create_stratum_dialect());
  EXPECT_EQ(talk.client(call("0", "mining.configure", R"([["version-rolling"],{"version-rolling.mask":"1fffe000"}])")),
            Fit::fits);
  EXPECT_EQ(talk.server(reply("0", R"({"version-rolling":true,"version-rolling.mask":"18000000"})")), Fit::fits);
  EXPECT_EQ(talk.client(call("1", "mining.subscribe", R"(["cgminer/4.12"])")), Fit::fits);
  EXPECT_EQ(talk.server(reply("1", kBitcoinWelcome)), Fit::fits);
  EXPECT_EQ(talk.client(call("2", "mining.authorize", list({quoted(kBitcoinWallet + ".rig"), quoted("x")}))),
            Fit::fits);
  EXPECT_EQ(talk.server(reply("2", "true")), Fit::neutral);
  EXPECT_EQ(talk.server(push("mining.set_difficulty", "[1]")), Fit::fits);
  EXPECT_EQ(talk.server(kBitcoinNotify), Fit::fits);
  EXPECT_EQ(talk.client(bitcoin_submit("3", "9962e301")), Fit::fits);
  EXPECT_EQ(talk.server(reply("3", "true")), Fit::fits);
  EXPECT_EQ(talk.client(bitcoin_submit("4", "9962e302")), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":4,"result":null,"error":[23,"Low difficulty share",null]})"), Fit::fits);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.dialect, "stratum");
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.coin, "bitcoin");
  EXPECT_EQ(facts.algorithm, "sha256d");
  EXPECT_EQ(facts.wallet, kBitcoinWallet);
  EXPECT_EQ(facts.worker, "rig");
  EXPECT_EQ(facts.agent, "cgminer/4.12");
  EXPECT_TRUE(facts.client_greeted && facts.server_agreed);
  EXPECT_EQ(facts.misfits, 0U);
  EXPECT_EQ(facts.shares.valid, 1U);
  EXPECT_EQ(facts.shares.invalid, 1U);
  EXPECT_TRUE(facts.shares.recomputed);
  EXPECT_NEAR(facts.shares.bits, 32.0, 0.01);
  EXPECT_EQ(facts.shares.accepted, 1U);
  EXPECT_EQ(facts.shares.rejected, 1U);
  EXPECT_NEAR(facts.shares.expected_hashes, 4'294'967'296.0, 100'000.0);
}

TEST(Stratum, AnotherAlgorithmOfBitcoinsShapeIsNotInvalid) {
  TestTalk talk(create_stratum_dialect());
  talk.client(call("1", "mining.subscribe", R"(["cpuminer"])"));
  talk.server(reply("1", kBitcoinWelcome));
  talk.client(call("2", "mining.authorize", R"(["someone.rig","x"])"));
  talk.server(push("mining.set_difficulty", "[16]"));
  talk.server(kBitcoinNotify);
  talk.client(bitcoin_submit("3", "00000001"));
  talk.server(reply("3", "true"));
  EXPECT_EQ(talk.shares().invalid, 0U);
  EXPECT_EQ(talk.shares().unchecked, 1U);
  EXPECT_EQ(talk.shares().accepted, 1U);
  EXPECT_EQ(talk.facts().coin, "") << "it cannot be told";
}

TEST(Stratum, ANewDifficultyMayCountAtOnce) {
  TestTalk talk(create_stratum_dialect());
  talk.client(call("1", "mining.subscribe", "[]"));
  talk.server(reply("1", kBitcoinWelcome));
  talk.server(push("mining.set_difficulty", "[100000]"));
  talk.server(kBitcoinNotify);
  talk.server(push("mining.set_difficulty", "[1]"));
  talk.client(bitcoin_submit("3", "9962e301"));
  EXPECT_EQ(talk.shares().valid, 1U);
}

TEST(Stratum, AChangedExtranonceIsForTheNextJob) {
  TestTalk talk(create_stratum_dialect());
  talk.client(call("1", "mining.subscribe", "[]"));
  talk.server(reply("1", kBitcoinWelcome));
  talk.server(push("mining.set_difficulty", "[1]"));
  talk.server(kBitcoinNotify);
  EXPECT_EQ(talk.server(push("mining.set_extranonce", R"(["ff",1])")), Fit::fits);
  talk.client(bitcoin_submit("3", "9962e301"));
  EXPECT_EQ(talk.shares().valid, 1U);
}

TEST(Stratum, FollowsZcash) {
  TestTalk talk(create_stratum_dialect());
  EXPECT_EQ(talk.client(call("1", "mining.subscribe", R"(["zminer/1",null,"pool.example.org","3333"])")), Fit::fits);
  EXPECT_EQ(talk.server(reply("1", R"([null,"0011223344"])")), Fit::fits);
  EXPECT_EQ(talk.server(push("mining.set_target", list({quoted("0004" + std::string(60, '0'))}))), Fit::fits);
  EXPECT_EQ(talk.server(push("mining.notify",
                             list({quoted("z1"), quoted("04000000"), quoted(kHash), quoted(kOtherHash),
                                   quoted(std::string(64, '0')), quoted("a9cc405a"), quoted("09d8151c"), "true"}))),
            Fit::fits);
  EXPECT_EQ(talk.client(call("2", "mining.submit",
                             list({quoted("t1worker.rig4"), quoted("z1"), quoted("a9cc405a"),
                                   quoted(std::string(54, '0')), quoted("fd4005" + std::string(2'688, '1'))}))),
            Fit::fits);
  EXPECT_EQ(talk.server(reply("2", "true")), Fit::fits);
  EXPECT_EQ(talk.facts().dialect, "stratum.zcash");
  EXPECT_EQ(talk.facts().coin, "zcash");
  EXPECT_EQ(talk.facts().algorithm, "equihash 200,9");
  EXPECT_EQ(talk.facts().worker, "rig4");
  EXPECT_EQ(talk.shares().unchecked, 1U) << "no solution, so perhaps of another algorithm";
  EXPECT_NEAR(talk.shares().expected_hashes, 16'384.0, 1.0);
}

TEST(Stratum, ZcashsShapeIsNotAlwaysZcash) {
  TestTalk talk(create_stratum_dialect());
  talk.server(
      push("mining.notify", list({quoted("v1"), quoted("04000100"), quoted(kHash), quoted(kOtherHash),
                                  quoted(std::string(64, '0')), quoted("a9cc405a"), quoted("09d8151c"), "true"})));
  EXPECT_EQ(talk.facts().dialect, "stratum.zcash");
  EXPECT_EQ(talk.facts().coin, "") << "another version of block";
}

TEST(Stratum, FollowsKawpow) {
  TestTalk talk(create_stratum_dialect());
  talk.client(call("1", "mining.subscribe", R"(["kawpowminer/1.2","EthereumStratum/1.0.0"])"));
  EXPECT_EQ(talk.server(reply("1", R"([null,"7a01"])")), Fit::fits);
  talk.server(push("mining.set_target", list({quoted(kHash)})));
  EXPECT_EQ(talk.server(push("mining.notify", list({quoted("k1"), quoted(kHash), quoted(kOtherHash),
                                                    quoted("00000000ffff" + std::string(52, '0')), "true", "2000000",
                                                    quoted("1b00c7a4")}))),
            Fit::fits);
  EXPECT_EQ(talk.client(call("4", "mining.submit",
                             list({quoted("Rwallet.rig"), quoted("k1"), quoted("0x7a01000000000001"),
                                   quoted("0x" + kHash), quoted("0x" + kOtherHash)}))),
            Fit::fits);
  talk.server(reply("4", "true"));
  EXPECT_EQ(talk.facts().dialect, "stratum.kawpow");
  EXPECT_EQ(talk.facts().coin, "ravencoin");
  EXPECT_NEAR(talk.shares().expected_hashes, 4'295'032'833.0, 10.0);
  EXPECT_EQ(talk.shares().unchecked, 1U);
}

TEST(Stratum, FollowsKaspa) {
  for (const std::string& job : {list({quoted("12"), quoted(std::string(80, 'c'))}),
                                 list({quoted("12"), "[1,18446744073709551615,3,4]", "1700000000000"})}) {
    TestTalk talk(create_stratum_dialect());
    talk.client(call("1", "mining.subscribe", R"(["bzminer","EthereumStratum/1.0.0"])"));
    EXPECT_EQ(talk.server(reply("1", R"([true,"EthereumStratum/1.0.0"])")), Fit::fits);
    talk.client(call("2", "mining.authorize", R"(["kaspa:qabc.rig"])"));
    EXPECT_EQ(talk.server(push("set_extranonce", R"(["00ff"])")), Fit::fits);
    talk.server(push("mining.set_difficulty", "[0.5]"));
    EXPECT_EQ(talk.server(push("mining.notify", job)), Fit::fits);
    EXPECT_EQ(talk.client(call("3", "mining.submit", R"(["kaspa:qabc.rig","12","0x00ff000000000001"])")), Fit::fits);
    talk.server(reply("3", "true"));
    EXPECT_EQ(talk.facts().dialect, "stratum.kaspa");
    EXPECT_EQ(talk.facts().coin, "kaspa");
    EXPECT_EQ(talk.facts().worker, "rig");
    EXPECT_DOUBLE_EQ(talk.shares().expected_hashes, 2'147'483'648.0);
  }
}

TEST(Stratum, FollowsErgo) {
  const std::string target =
      "115792089237316195423570985008687907853269984665640564039457584007913129";  // 2^256 / 10^6
  const std::string long_form = list({quoted("e1"), "900000", quoted(kHash), quoted(""), quoted(""), quoted("00000003"),
                                      quoted(target), quoted(""), "false"});
  const std::string short_form = list({quoted("e1"), "900000", quoted(kHash), quoted(""), "true"});
  for (const std::string& job : {long_form, short_form}) {
    TestTalk talk(create_stratum_dialect());
    talk.client(call("1", "mining.subscribe", R"(["miner/2"])"));
    EXPECT_EQ(talk.server(reply("1", R"([null,"a1b2",6])")), Fit::fits);
    EXPECT_EQ(talk.server(push("mining.notify", job)), Fit::fits);
    EXPECT_EQ(talk.client(call("3", "mining.submit", R"(["9wallet.rig","e1","a1b2","","a1b2000000000001"])")),
              Fit::fits);
    talk.server(reply("3", "true"));
    EXPECT_EQ(talk.facts().dialect, "stratum.ergo");
    EXPECT_EQ(talk.facts().coin, "ergo");
    EXPECT_EQ(talk.shares().accepted, 1U);
    EXPECT_NEAR(talk.shares().expected_hashes, job == long_form ? 1e6 : 0.0, 1.0);
  }
}

TEST(Stratum, FollowsConflux) {
  TestTalk talk(create_stratum_dialect());
  talk.client(R"({"jsonrpc":"2.0","id":1,"method":"mining.subscribe","params":["cfx:wallet.rig","secret"]})");
  EXPECT_EQ(talk.server(reply("1", "true")), Fit::neutral);
  EXPECT_EQ(talk.server(call("17", "mining.notify",
                             list({quoted("c1"), quoted("12345"), quoted("0x" + kHash),
                                   quoted("0x000001" + std::string(58, '0'))}))),
            Fit::fits);
  EXPECT_EQ(talk.client(call("18", "mining.submit",
                             list({quoted("cfx:wallet.rig"), quoted("c1"), quoted("0x1f"), quoted("0x" + kHash)}))),
            Fit::fits);
  EXPECT_EQ(talk.server(reply("18", "[true]")), Fit::fits);
  talk.client(call("19", "mining.submit",
                   list({quoted("cfx:wallet.rig"), quoted("c1"), quoted("0x20"), quoted("0x" + kHash)})));
  talk.server(reply("19", R"([false,"stale"])"));
  EXPECT_EQ(talk.facts().dialect, "stratum.conflux");
  EXPECT_EQ(talk.facts().coin, "conflux");
  EXPECT_EQ(talk.facts().account, "cfx:wallet.rig");
  EXPECT_EQ(talk.facts().agent, "");
  EXPECT_EQ(talk.shares().accepted, 1U);
  EXPECT_EQ(talk.shares().rejected, 1U);
  EXPECT_DOUBLE_EQ(talk.shares().expected_hashes, 16'777'216.0);
}

TEST(Stratum, FollowsAlephium) {
  TestTalk talk(create_stratum_dialect());
  EXPECT_EQ(talk.server(push("mining.set_difficulty", "[4]")), Fit::fits) << "the server speaks first";
  talk.client(call("1", "mining.subscribe", R"(["miner"])"));
  EXPECT_EQ(talk.server(reply("1", quoted("session"))), Fit::neutral);
  talk.client(call("2", "mining.authorize", R"(["1wallet.rig",""])"));
  talk.server(push("mining.set_extranonce", R"(["00ff"])"));
  EXPECT_EQ(talk.server(push("mining.notify", R"([{"jobId":"a1","fromGroup":0,"toGroup":1,"headerBlob":"0011",)"
                                              R"("txsBlob":"","targetBlob":"00ff"}])")),
            Fit::fits);
  EXPECT_EQ(talk.client(call("3", "mining.submit",
                             R"({"jobId":"a1","fromGroup":0,"toGroup":1,"nonce":")" + std::string(48, '3') +
                                 R"(","worker":"1wallet.rig"})")),
            Fit::fits);
  EXPECT_EQ(talk.server(reply("3", "true")), Fit::fits);
  EXPECT_EQ(talk.client(call("4", "alph_submitHashrate", R"(["0x1234","w"])")), Fit::fits);
  EXPECT_EQ(talk.facts().dialect, "stratum.alephium");
  EXPECT_EQ(talk.facts().coin, "alephium");
  EXPECT_EQ(talk.shares().accepted, 1U);
}

TEST(Stratum, FollowsAeternity) {
  std::string cycle = "[1";
  for (int i = 1; i < 42; ++i) cycle += "," + quoted(std::to_string(i));
  cycle += "]";
  for (const std::string& job :
       {list({quoted("x1"), quoted(kHash), "true"}), list({quoted("x1"), "5", quoted(kHash), "false"})}) {
    TestTalk talk(create_stratum_dialect());
    talk.client(call("1", "mining.subscribe", R"(["miner",null,"host",9999])"));
    EXPECT_EQ(talk.server(reply("1", R"(["session","0a0b"])")), Fit::fits);
    talk.server(push("mining.set_target", list({quoted("00ff" + std::string(60, '0'))})));
    EXPECT_EQ(talk.server(push("mining.notify", job)), Fit::fits);
    EXPECT_EQ(talk.client(call("3", "mining.submit", list({quoted("ak_w"), quoted("x1"), quoted("0a0b01"), cycle}))),
              Fit::fits);
    EXPECT_EQ(talk.facts().dialect, "stratum.aeternity");
    EXPECT_EQ(talk.facts().coin, "aeternity");
  }
}

TEST(Stratum, FollowsEthereumStratum1) {
  TestTalk talk(create_stratum_dialect());
  talk.client(call("1", "mining.subscribe", R"(["miner/1","EthereumStratum/1.0.0"])"));
  EXPECT_EQ(talk.server(reply("1", R"([["mining.notify","s","EthereumStratum/1.0.0"],"080c"])")), Fit::fits);
  EXPECT_EQ(talk.facts().dialect, "ethereumstratum.1") << "by the greeting already";
  talk.client(call("2", "mining.authorize", list({quoted(kEthereumWallet + ".r"), quoted("x")})));
  talk.server(push("mining.set_difficulty", "[0.5]"));
  EXPECT_EQ(talk.server(push("mining.notify", list({quoted("bf00"), quoted(kHash), quoted(kOtherHash), "true"}))),
            Fit::fits);
  EXPECT_EQ(talk.client(call("4", "mining.submit",
                             list({quoted(kEthereumWallet + ".r"), quoted("bf00"), quoted("68765fccd712")}))),
            Fit::fits);
  EXPECT_EQ(talk.server(reply("4", "true")), Fit::fits);
  EXPECT_EQ(talk.client(call("5", "eth_submitHashrate", R"(["0x1f","0x2f"])")), Fit::neutral);
  EXPECT_EQ(talk.facts().coin, "ethereum");
  EXPECT_EQ(talk.facts().wallet, kEthereumWallet);
  EXPECT_DOUBLE_EQ(talk.shares().expected_hashes, 2'147'483'648.0);
  EXPECT_EQ(talk.facts().misfits, 0U);
}

TEST(Stratum, FollowsEthereumStratum2) {
  TestTalk talk(create_stratum_dialect());
  EXPECT_EQ(talk.client(call("0", "mining.hello",
                             R"({"agent":"miner/2","host":"h","port":"4d2",)"
                             R"("proto":"EthereumStratum/2.0.0"})")),
            Fit::fits);
  EXPECT_EQ(talk.server(reply("0", R"({"proto":"EthereumStratum/2.0.0","encoding":"plain","resume":"1",)"
                                   R"("timeout":"b4","maxerrors":"5","node":"n"})")),
            Fit::fits);
  EXPECT_EQ(talk.client(R"({"id":1,"method":"mining.subscribe"})"), Fit::fits);
  EXPECT_EQ(talk.server(reply("1", quoted("s-12345"))), Fit::neutral);
  talk.client(call("2", "mining.authorize", list({quoted(kEthereumWallet + ".r"), quoted("x")})));
  EXPECT_EQ(talk.server(reply("2", quoted("w-123"))), Fit::neutral);
  EXPECT_EQ(talk.server(R"({"method":"mining.set","params":{"epoch":"dc","target":"0112e0be826d694b2e62d01511f12a606)"
                        R"(1fbaec8bc02357593e70e52ba","algo":"ethash","extranonce":"af4c"}})"),
            Fit::fits);
  EXPECT_EQ(
      talk.server(R"({"method":"mining.notify","params":["bf00","6526d5","645c)" + std::string(60, '0') + R"(","0"]})"),
      Fit::fits);
  EXPECT_EQ(talk.client(call("31", "mining.submit", R"(["bf00","68765fccd712","w-123"])")), Fit::fits);
  EXPECT_EQ(talk.server(reply("31", "true")), Fit::fits);
  EXPECT_EQ(talk.client(call("16", "mining.hashrate", R"(["500000","w-123"])")), Fit::fits);
  EXPECT_EQ(talk.client(call("50", "mining.noop", "[]")), Fit::neutral);
  EXPECT_EQ(talk.facts().dialect, "ethereumstratum.2");
  EXPECT_EQ(talk.facts().coin, "ethereum");
  EXPECT_EQ(talk.facts().account, kEthereumWallet + ".r");
  EXPECT_EQ(talk.shares().sent, 1U);
  EXPECT_EQ(talk.facts().misfits, 0U);
}

TEST(Stratum, IsRecognisedFromTheMiddle) {
  TestTalk talk(create_stratum_dialect());
  EXPECT_EQ(talk.server(kBitcoinNotify), Fit::fits);
  EXPECT_EQ(talk.client(bitcoin_submit("\"s7\"", "9962e301")), Fit::fits) << "the id is text";
  EXPECT_EQ(talk.server(R"({"id":"s7","result":true})"), Fit::fits);
  EXPECT_TRUE(talk.facts().both_sides());
  EXPECT_EQ(talk.facts().wallet, kBitcoinWallet) << "of the share";
  EXPECT_EQ(talk.facts().coin, "bitcoin");
  EXPECT_EQ(talk.shares().unchecked, 1U) << "the extranonce was not seen";
  EXPECT_EQ(talk.shares().accepted, 1U);
}

TEST(Stratum, SharesAloneSayWhichMemberItIs) {
  const auto dialect = [](const std::string& params) {
    TestTalk talk(create_stratum_dialect());
    EXPECT_EQ(talk.client(call("1", "mining.submit", params)), Fit::fits) << params;
    return talk.facts().dialect;
  };
  EXPECT_EQ(dialect(R"(["w","j","00000001","5f5e1000","deadbeef","1fffe000"])"), "stratum");
  EXPECT_EQ(dialect(list({quoted("w"), quoted("j"), quoted("0x01"), quoted("0x" + kHash), quoted("0x" + kHash)})),
            "stratum.kawpow");
  EXPECT_EQ(dialect(list({quoted("w"), quoted("j"), quoted("0x01"), quoted("0x" + kHash)})), "stratum.conflux");
  EXPECT_EQ(dialect(R"(["bf00","68765fccd712","w-123"])"), "ethereumstratum.2");
}

TEST(Stratum, OtherShapesAreNotOfTheFamily) {
  TestTalk talk(create_stratum_dialect());
  for (const std::string& message :
       {call("1", "mining.subscribe", R"({"topic":"prices"})"), call("1", "mining.submit", R"({"report":"q3"})"),
        call("1", "mining.submit", R"(["a","b"])"), call("1", "mining.submit", R"(["a","b","c"])"),
        call("1", "mining.submit", R"(["a","b","not hexadecimal"])"), call("1", "mining.authorize", R"({"token":"t"})"),
        call("1", "mining.list_quarries", "[]"), call("1", "mining.notify", R"(["hello","world"])"),
        call("1", "mining.notify", "[]"), call("1", "mining.set_difficulty", R"(["hard"])"),
        call("1", "mining.set_difficulty", "[0]"), call("1", "mining.set_target", R"(["soon"])"),
        call("1", "mining.set", "{}")}) {
    EXPECT_EQ(talk.client(message), Fit::none) << message;
    EXPECT_EQ(talk.server(message), Fit::none) << message;
  }
  EXPECT_EQ(talk.facts().role, Role::none);
}

}  // namespace
}  // namespace davy::mining

#include <gtest/gtest.h>

#include "mining/test_talk.h"

namespace davy::mining {
namespace {

// The donation address that the Monero project published.
const std::string kWallet =
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";
const std::string kBitcoinWallet = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
const std::string kBlob(152, 'a');
const std::string kSeed(64, '7');

std::string job_body(const std::string& id, const std::string& algorithm = "rx/0",
                     const std::string& target = "ffff0000") {
  return R"({"blob":")" + kBlob + R"(","job_id":")" + id + R"(","target":")" + target + R"(","algo":")" + algorithm +
         R"(","height":3000000,"seed_hash":")" + kSeed + R"("})";
}
std::string job(const std::string& id, const std::string& algorithm = "rx/0", const std::string& target = "ffff0000") {
  return R"({"jsonrpc":"2.0","method":"job","params":)" + job_body(id, algorithm, target) + "}";
}
std::string login(const std::string& user, const std::string& more) {
  return R"({"id":1,"jsonrpc":"2.0","method":"login","params":{"login":")" + user + R"(","pass":"x")" + more + "}}";
}
std::string welcome(const std::string& id, const std::string& more = "") {
  return R"({"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"s1","job":)" + job_body(id) + more +
         R"(,"status":"OK"}})";
}
// `top`: the last four bytes of the hash, which the target is compared with.
std::string submit(int id, const std::string& job_id, const std::string& nonce, const std::string& top) {
  return R"({"id":)" + std::to_string(id) + R"(,"jsonrpc":"2.0","method":"submit","params":{"id":"s1","job_id":")" +
         job_id + R"(","nonce":")" + nonce + R"(","result":")" + std::string(56, 'c') + top + R"("}})";
}
std::string ok(int id) {
  return R"({"id":)" + std::to_string(id) + R"(,"jsonrpc":"2.0","error":null,"result":{"status":"OK"}})";
}
const std::string kLowDifficulty = R"({"id":3,"jsonrpc":"2.0","error":{"code":-1,"message":"Low difficulty share"}})";

TEST(Cryptonote, FollowsAConversation) {
  TestTalk talk(create_cryptonote_dialect());
  EXPECT_EQ(talk.client(login(kWallet + "+9000.rig7", R"(,"agent":"XMRig/6.21.0","algo":["rx/0","cn/r"])")), Fit::fits);
  EXPECT_EQ(talk.server(welcome("j1")), Fit::fits);
  EXPECT_EQ(talk.client(submit(2, "j1", "01000000", "00000000")), Fit::fits);
  EXPECT_EQ(talk.server(ok(2)), Fit::fits);
  EXPECT_EQ(talk.client(submit(3, "j1", "02000000", "00000001")), Fit::fits) << "over the target";
  EXPECT_EQ(talk.server(kLowDifficulty), Fit::neutral);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.dialect, "cryptonote");
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.coin, "monero");
  EXPECT_EQ(facts.algorithm, "rx/0");
  EXPECT_EQ(facts.wallet, kWallet);
  EXPECT_EQ(facts.wallet_coin, "monero");
  EXPECT_EQ(facts.worker, "rig7");
  EXPECT_EQ(facts.agent, "XMRig/6.21.0");
  EXPECT_EQ(facts.client_fits, 3U);
  EXPECT_EQ(facts.server_fits, 2U);
  EXPECT_EQ(facts.misfits, 0U);
  EXPECT_TRUE(facts.client_greeted && facts.server_agreed);
  EXPECT_EQ(facts.jobs, 1U);
}

TEST(Cryptonote, CountsShares) {
  TestTalk talk(create_cryptonote_dialect());
  talk.server(job("j1"));
  for (const char* nonce : {"0000000a", "0000000b", "0000000A"}) talk.client(submit(7, "j1", nonce, "00000000"));
  talk.client(submit(8, "j1", "0000000c", "ffffffff"));
  talk.client(submit(9, "unseen", "0000000d", "00000000"));
  talk.server(ok(7));
  talk.server(ok(7));
  const ShareFacts& shares = talk.shares();
  EXPECT_EQ(shares.sent, 5U);
  EXPECT_EQ(shares.valid, 2U) << "a repeated nonce is one share, whatever its case";
  EXPECT_EQ(shares.invalid, 1U);
  EXPECT_EQ(shares.unchecked, 1U);
  EXPECT_EQ(shares.accepted, 2U) << "of requests that share an id";
  EXPECT_NEAR(shares.bits, 32.0, 0.01);
  EXPECT_NEAR(shares.expected_hashes, 2 * 65'537.0, 1.0);
  EXPECT_FALSE(shares.recomputed);
  EXPECT_EQ((shares.last_at - shares.first_at), std::chrono::seconds(4));
}

TEST(Cryptonote, TrivialTargetsProveNothing) {
  TestTalk talk(create_cryptonote_dialect());
  talk.server(job("j1", "rx/0", "ffffff7f"));
  talk.client(submit(2, "j1", "0000000a", "00000000"));
  EXPECT_EQ(talk.shares().valid, 1U);
  EXPECT_EQ(talk.shares().bits, 0.0);
}

TEST(Cryptonote, NamesCoins) {
  const auto coin = [](const std::string& user, const std::string& algorithm) {
    TestTalk talk(create_cryptonote_dialect());
    talk.client(login(user, R"(,"agent":"XMRig/6.21.0","algo":["rx/0"])"));
    talk.server(job("j", algorithm));
    return talk.facts().coin;
  };
  EXPECT_EQ(coin("x", "rx/0"), "monero");
  EXPECT_EQ(coin("x", "rx/wow"), "wownero");
  EXPECT_EQ(coin("x", "rx/arq"), "arqma");
  EXPECT_EQ(coin("x", "panthera"), "scala");
  EXPECT_EQ(coin("x", "ghostrider"), "raptoreum");
  EXPECT_EQ(coin("x", "astrobwt/v2"), "dero");
  EXPECT_EQ(coin(kWallet, "ghostrider"), "monero") << "the pool pays in Monero";
  EXPECT_EQ(coin(kBitcoinWallet, "rx/0"), "monero") << "the pool pays in Bitcoin";
}

TEST(Cryptonote, IsRecognisedFromTheMiddle) {
  TestTalk talk(create_cryptonote_dialect());
  EXPECT_EQ(talk.client(R"({"id":41,"jsonrpc":"2.0","method":"keepalived","params":{"id":"s1"}})"), Fit::neutral);
  EXPECT_EQ(talk.server(R"({"id":41,"jsonrpc":"2.0","error":null,"result":{"status":"KEEPALIVED"}})"), Fit::fits);
  EXPECT_EQ(talk.server(job("j9")), Fit::fits);
  EXPECT_EQ(talk.client(submit(42, "j9", "11223344", "00000000")), Fit::fits);
  EXPECT_EQ(talk.server(R"({"id":"42","error":null,"result":{"status":"OK"}})"), Fit::fits) << "the id as text";
  EXPECT_TRUE(talk.facts().both_sides());
  EXPECT_EQ(talk.facts().coin, "monero");
  EXPECT_EQ(talk.shares().accepted, 1U);
}

TEST(Cryptonote, HearsThePoolAlone) {
  TestTalk talk(create_cryptonote_dialect());
  talk.server(job("j1"));
  EXPECT_EQ(talk.server(ok(12)), Fit::neutral);
  EXPECT_EQ(talk.shares().accepted, 1U);
  EXPECT_NEAR(talk.shares().expected_hashes, 65'537.0, 1.0);
  EXPECT_FALSE(talk.facts().both_sides());
}

TEST(Cryptonote, TurnsSidesThatWereGuessedWrong) {
  TestTalk talk(create_cryptonote_dialect());
  EXPECT_EQ(talk.client(job("j1")), Fit::fits);
  EXPECT_EQ(talk.server(submit(1, "j1", "00000001", "00000000")), Fit::fits);
  EXPECT_TRUE(talk.facts().sides_swapped);
  EXPECT_EQ(talk.facts().client_fits, 1U);
  EXPECT_EQ(talk.facts().server_fits, 1U);
  EXPECT_EQ(talk.client(submit(2, "j1", "00000002", "00000000")), Fit::none) << "a recording played by one side";
}

TEST(Cryptonote, KnowsProxies) {
  TestTalk below(create_cryptonote_dialect());
  below.client(login(kWallet, R"(,"agent":"XMRig/6.21.0")"));
  below.server(welcome("j", R"(,"extensions":["algo","nicehash","connect"])"));
  EXPECT_EQ(below.facts().role, Role::proxy);
  TestTalk above(create_cryptonote_dialect());
  above.client(login(kWallet, R"(,"agent":"xmrig-proxy/6.21.0")"));
  EXPECT_EQ(above.facts().role, Role::proxy);
}

TEST(Cryptonote, AWeakLoginCountsOnceAJobAnswers) {
  TestTalk talk(create_cryptonote_dialect());
  EXPECT_EQ(talk.client(login("rig", R"(,"agent":"miner/1")")), Fit::neutral);
  EXPECT_EQ(talk.facts().role, Role::none);
  EXPECT_EQ(talk.server(welcome("j1")), Fit::fits);
  EXPECT_EQ(talk.facts().client_fits, 1U);
  EXPECT_TRUE(talk.facts().client_greeted);
}

TEST(Cryptonote, SelfSelectedBlocks) {
  TestTalk talk(create_cryptonote_dialect());
  talk.client(login(kWallet, R"(,"agent":"XMRig/6.21.0","mode":"self-select")"));
  EXPECT_EQ(talk.server(R"({"jsonrpc":"2.0","method":"job","params":{"pool_wallet":")" + kWallet +
                        R"(","extra_nonce":"00112233","target":"ffff0000","job_id":"j1"}})"),
            Fit::fits);
  EXPECT_EQ(talk.client(R"({"id":5,"method":"block_template","params":{"id":"s","job_id":"j1","blob":")" + kBlob +
                        R"(","height":5,"difficulty":7,"prev_hash":")" + kSeed + R"("}})"),
            Fit::fits);
  talk.client(submit(6, "j1", "00000001", "00000000"));
  EXPECT_EQ(talk.shares().valid, 1U);
}

TEST(Cryptonote, ReadsWorkers) {
  const auto worker = [](const std::string& user, const std::string& more) {
    TestTalk talk(create_cryptonote_dialect());
    talk.client(login(user, more));
    EXPECT_EQ(talk.facts().wallet, kWallet) << user;
    return talk.facts().worker;
  };
  EXPECT_EQ(worker(kWallet, ""), "");
  EXPECT_EQ(worker(kWallet + ".a", ""), "a");
  EXPECT_EQ(worker(kWallet + "/b/mail@example.org", ""), "b");
  EXPECT_EQ(worker(kWallet + ".c+5000", ""), "c");
  EXPECT_EQ(worker(kWallet + "~rx/0", R"(,"rigid":"d")"), "d") << "the slash is the algorithm's";
  EXPECT_EQ(worker("XMR:" + kWallet + ".e", ""), "e");
  EXPECT_EQ(worker(kWallet + "." + std::string(64, 'f') + ".f", ""), "f") << "behind a payment id";
}

TEST(Cryptonote, KeepsLittle) {
  TestTalk talk(create_cryptonote_dialect());
  talk.client(login(std::string(5'000, 'u'), R"(,"agent":")" + std::string(300, 'z') + R"(\u0007","algo":["rx/0"])"));
  EXPECT_EQ(talk.facts().account.size(), kFactBytesMax);
  EXPECT_EQ(talk.facts().agent.size(), kFactBytesMax);
  for (int i = 0; i <= static_cast<int>(kJobsKeptMax); ++i) talk.server(job("j" + std::to_string(i)));
  talk.client(submit(1, "j0", "00000001", "00000000"));
  EXPECT_EQ(talk.shares().unchecked, 1U) << "the oldest job was forgotten";
  talk.client(submit(2, "j1", "00000002", "00000000"));
  EXPECT_EQ(talk.shares().valid, 1U);
}

}  // namespace
}  // namespace davy::mining

#include "mining/miner_text.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

const std::string kWallet =
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";

std::string config() {
  return R"({ "cpu": {"enabled": true}, "donate-level": 1, "pools": [ {"algo": "rx/0", "url": "pool.example.org:3333", "user": ")" +
         kWallet + R"(.rig", "pass": "secret"} ] })";
}

TEST(MinerText, ReadsAConfigurationAndLeavesThePasswordOut) {
  const auto texts = find_miner_texts(std::string(500, '\0') + config() + std::string(500, '\xff'), "memory", 8);
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_EQ(texts[0].kind, "config");
  EXPECT_EQ(texts[0].pool, "pool.example.org:3333");
  EXPECT_EQ(texts[0].wallet, kWallet);
  EXPECT_EQ(texts[0].coin, "monero");
  EXPECT_EQ(texts[0].algorithm, "rx/0");
  EXPECT_EQ(texts[0].excerpt.find("secret"), std::string::npos);
}

TEST(MinerText, ReadsTheConversation) {
  const auto login =
      find_miner_texts(R"({"id":1,"method":"login","params":{"login":")" + kWallet + R"(","pass":"x"}})", "memory", 8);
  ASSERT_EQ(login.size(), 1U);
  EXPECT_EQ(login[0].kind, "login");
  EXPECT_EQ(login[0].wallet, kWallet);
  const auto job = find_miner_texts(
      R"({"blob":")" + std::string(152, 'a') + R"(","job_id":"7","target":"b88d0600","algo":"rx/0"})", "memory", 8);
  ASSERT_EQ(job.size(), 1U);
  EXPECT_EQ(job[0].kind, "job");
  const auto classic = find_miner_texts(
      R"({"id":2,"method":"mining.authorize","params":["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa","x"]})", "memory", 8);
  ASSERT_EQ(classic.size(), 1U);
  EXPECT_EQ(classic[0].coin, "bitcoin");
}

TEST(MinerText, WordsAloneAreNothing) {
  for (const char* text :
       {"the stratum+tcp scheme is how a miner names its pool", R"("pools" and "donate-level" are members)",
        R"({"method":"login","user":"anna"})", R"({"job_id":"17","target":"x86_64"})",
        R"({"pools":["thread","db"],"cpu":4})", R"({"url":"db.example.org:5432","user":"app","pass":"x"})"})
    EXPECT_TRUE(find_miner_texts(text, "memory", 8).empty()) << text;
}

TEST(MinerText, APoolUrlIsReadByItsScheme) {
  EXPECT_EQ(pool_of("stratum+tcp://pool.example.org:3333/x"), "pool.example.org:3333");
  EXPECT_EQ(pool_of("stratum+ssl://user@1.2.3.4:443"), "1.2.3.4:443");
  EXPECT_EQ(pool_of("https://pool.example.org:443/"), "");
  EXPECT_EQ(pool_of("pool.example.org"), "");
  EXPECT_EQ(pool_of("file:123456789"), "");
}

TEST(MinerText, ALoginNeedsAWalletOrAMinersMembers) {
  const auto kinds = [](const char* text) { return find_miner_texts(text, "memory", 8).size(); };
  EXPECT_EQ(kinds(R"({"method":"login","params":{"login":"anna","pass":"x","agent":"XMRig/6.21.0"}})"), 1U);
  EXPECT_EQ(kinds(R"({"jsonrpc":"2.0","method":"login","params":{"login":"anna","password":"x"}})"), 0U);
}

TEST(MinerText, ShowsNoPasswordAndNothingThatMerelyLiesAround) {
  const auto texts = find_miner_texts(
      "diary entry\n{\"id\":1,\"method\":\"mining.authorize\",\"params\":"
      "[\"anna.rig\",\"hunter2\"]}\nanother line",
      "memory", 8);
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_EQ(texts[0].excerpt, R"({"id":1,"method":"mining.authorize","params":["anna.rig")");
  const auto url = find_miner_texts("stratum+tcp://anna:hunter2@pool.example.org:3333", "memory", 8);
  ASSERT_EQ(url.size(), 1U);
  EXPECT_EQ(url[0].excerpt, "stratum+tcp://anna@pool.example.org:3333");
}

TEST(MinerText, FindsTheWalletInAPoolUrlAndBesideOne) {
  const auto inside = find_miner_texts("stratum1+ssl://" + kWallet + ".rig@pool.example.org:443", "memory", 8);
  ASSERT_EQ(inside.size(), 1U);
  EXPECT_EQ(inside[0].wallet, kWallet);
  const std::string url = "stratum+tcp://pool.example.org:3333";
  const auto beside = find_miner_texts(url + std::string(2000, '\0') + kWallet, "memory", 8);
  ASSERT_EQ(beside.size(), 1U);
  EXPECT_EQ(beside[0].wallet, kWallet);
  const auto far = find_miner_texts(url + std::string(kTextContextBytes, '\0') + kWallet, "memory", 8);
  ASSERT_EQ(far.size(), 1U);
  EXPECT_EQ(far[0].wallet, "");
}

TEST(CommandLine, ShowsNoPasswordInAnyForm) {
  for (const std::vector<std::string>& secret :
       std::vector<std::vector<std::string>>{{"-p", "hunter2"},
                                             {"-phunter2"},
                                             {"--pass=hunter2"},
                                             {"--password", "hunter2"},
                                             {"-O", "anna:hunter2"},
                                             {"--userpass=anna:hunter2"},
                                             {"stratum+tcp://anna:hunter2@pool.example.org:1"}}) {
    std::vector<std::string> argv = {"./a", "-o", "stratum+tcp://pool.example.org:3333"};
    argv.insert(argv.end(), secret.begin(), secret.end());
    const auto seen = read_command_line(argv);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->excerpt.find("hunter2"), std::string::npos) << seen->excerpt;
  }
}

TEST(CommandLine, AnExcerptEndsBetweenTwoCharacters) {
  const std::vector<std::string> argv = {"./a", "stratum+tcp://pool.example.org:3333", std::string(300, '\xff')};
  const auto seen = read_command_line(argv);
  ASSERT_TRUE(seen);
  EXPECT_LE(seen->excerpt.size(), model::kExcerptBytesMax);
  EXPECT_EQ(printable(seen->excerpt), seen->excerpt);
}

TEST(MinerText, APortIsANumberOfSixteenBits) {
  EXPECT_EQ(pool_of("pool.example.org:65535"), "pool.example.org:65535");
  EXPECT_EQ(pool_of("pool.example.org:65536"), "");
  EXPECT_EQ(pool_of("pool.example.org:0"), "");
  EXPECT_EQ(pool_of("pool.example.org:"), "");
}

TEST(CommandLine, NeedsAPoolAndWhoOrWhatFor) {
  const auto read = [](std::vector<std::string> argv) { return read_command_line(argv); };
  EXPECT_TRUE(read({"./a", "-o", "pool.example.org:3333", "-u", kWallet}));
  EXPECT_TRUE(read({"./a", "--url=pool.example.org:3333", "--user", "worker", "--algo", "kawpow"}));
  EXPECT_TRUE(read({"./a", "stratum+tcp://pool.example.org:3333"}));
  EXPECT_FALSE(read({"curl", "-o", "out.bin", "-u", "anna:secret", "https://example.org:443/"}));
  EXPECT_FALSE(read({"psql", "--url", "db.example.org:5432", "-u", "app"}));
  EXPECT_FALSE(read({}));
  const auto seen = read({"./a", "-o", "pool.example.org:3333", "-u", kWallet, "-p", "hunter2"});
  EXPECT_EQ(seen->excerpt.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace davy::mining

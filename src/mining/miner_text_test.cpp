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

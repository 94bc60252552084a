#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

std::string greeting() {
  std::string out = "\xff" + std::string(7, '\0') + "\x01\x7f\x03";
  out.push_back('\0');
  out += "NULL";
  return out + std::string(64 - out.size(), '\0');
}

std::string ready(std::string_view type) {
  std::string body = "\x05READY\x0bSocket-Type";
  body += std::string(3, '\0') + static_cast<char>(type.size()) + std::string(type);
  return std::string("\x04") + static_cast<char>(body.size()) + body;
}

std::string frame(std::string_view body) {
  if (body.size() < 256) return std::string(1, '\0') + static_cast<char>(body.size()) + std::string(body);
  std::string out("\x02");
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(body.size() >> shift));
  return out + std::string(body);
}

std::string subscription(std::string_view topic) { return frame("\x01" + std::string(topic)); }

std::string command_subscription(std::string_view topic) {
  const std::string body = "\x09SUBSCRIBE" + std::string(topic);
  return std::string("\x04") + static_cast<char>(body.size()) + body;
}

TEST(Zmq, FollowsASoloMinersSubscriptionHoweverItIsSplit) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{9}, std::size_t{1'000}}) {
    TestBytes talk(create_zmq_dialect(), piece);
    talk.client(greeting());
    talk.server(greeting());
    talk.client(ready("SUB"));
    talk.server(ready("PUB"));
    EXPECT_EQ(talk.fits(), 0U);
    EXPECT_EQ(talk.client(subscription("json-minimal-chain_main")), Fit::fits);
    EXPECT_EQ(talk.server(frame(R"(json-minimal-chain_main:{"first_height":1,"ids":[]})")), Fit::fits);
    EXPECT_EQ(talk.facts().dialect, "monerod.zmq");
    EXPECT_EQ(talk.facts().role, Role::solo);
    EXPECT_EQ(talk.facts().coin, "monero");
    EXPECT_EQ(talk.facts().jobs, 1U);
    EXPECT_EQ(talk.facts().misfits, 0U);
  }
}

TEST(Zmq, KnowsP2PoolAndTellsLightWalletsApart) {
  TestBytes pool(create_zmq_dialect());
  for (const char* topic : {"json-full-chain_main", "json-full-miner_data", "json-minimal-txpool_add"})
    EXPECT_EQ(pool.client(command_subscription(topic)), Fit::fits);
  EXPECT_EQ(pool.facts().role, Role::solo);
  TestBytes wallet(create_zmq_dialect());
  for (const char* topic : {"json-minimal-chain_main", "json-full-txpool_add"})
    EXPECT_EQ(wallet.client(subscription(topic)), Fit::fits);
  EXPECT_EQ(wallet.facts().role, Role::node);
}

TEST(Zmq, IsKnownInMidStreamAndPassesOverLongFrames) {
  TestBytes talk(create_zmq_dialect(), 1'400);
  EXPECT_EQ(talk.server("xml><order>the end of something"), Fit::none);
  EXPECT_EQ(talk.server(frame("json-full-miner_data:{" + std::string(100'000, ' ') + "}")), Fit::fits);
  EXPECT_EQ(talk.server(frame("json-full-miner_data:{}")), Fit::fits);
  EXPECT_EQ(talk.facts().jobs, 2U);
}

TEST(Zmq, LeavesOtherTopicsAlone) {
  TestBytes talk(create_zmq_dialect());
  talk.client(greeting() + ready("SUB"));
  talk.server(greeting() + ready("PUB"));
  for (const char* topic : {"", "rawtx", "hashblock", "weather", "json-minimal-chain_mai", "json-minimal-chain_main:"})
    EXPECT_EQ(talk.client(subscription(topic)), Fit::none) << topic;
  EXPECT_EQ(talk.server(frame("weather:{}")), Fit::none);
  EXPECT_EQ(talk.server(frame("news of json-minimal-chain_main:{}")), Fit::none);
  EXPECT_EQ(talk.server(frame("json-minimal-chain_main: later")), Fit::none);
  EXPECT_EQ(talk.fits(), 0U);
  EXPECT_EQ(talk.facts().role, Role::none);
}

}  // namespace
}  // namespace davy::mining

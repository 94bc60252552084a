#include <random>

#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

class NoiseTalk : public TestBytes {
 public:
  explicit NoiseTalk(std::size_t piece = 1U << 20) : TestBytes(create_stratum_v2_dialect(), piece) {}
  Fit client(std::size_t bytes) { return TestBytes::client(random(bytes)); }
  Fit server(std::size_t bytes) { return TestBytes::server(random(bytes)); }

 private:
  Bytes random(std::size_t count) {
    Bytes out(count);
    for (auto& byte : out) byte = static_cast<std::uint8_t>(random_());
    return out;
  }
  std::mt19937 random_{42};
};

void open(NoiseTalk& talk) {
  talk.client(64);
  talk.server(170);
  talk.client(54 + 31);
  talk.server(44);
  EXPECT_EQ(talk.fits(), 0U);
  talk.client(79 + 40);
  talk.server(83 + 4 + 83 + 86);
}

TEST(StratumV2Noise, FollowsAWholeConversationHoweverItIsSplit) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{50}, std::size_t{1'400}}) {
    NoiseTalk talk(piece);
    open(talk);
    talk.client(62);
    talk.server(58);
    EXPECT_EQ(talk.fits(), 0U);
    EXPECT_EQ(talk.client(62), Fit::fits) << "a turn is judged when the next one begins";
    EXPECT_EQ(talk.facts().role, Role::pool);
    talk.server(58 + 83);
    talk.client(124);
    talk.server(116);
    talk.client(62);
    const ConversationFacts& facts = talk.facts();
    EXPECT_EQ(facts.dialect, "stratum_v2.noise");
    EXPECT_EQ(facts.client_fits, 5U);
    EXPECT_EQ(facts.server_fits, 5U);
    EXPECT_EQ(facts.jobs, 2U);
    EXPECT_EQ(facts.shares.sent, 4U);
    EXPECT_EQ(facts.shares.accepted, 4U);
    EXPECT_EQ(facts.shares.unchecked, 4U);
    EXPECT_EQ(facts.misfits, 0U);
  }
}

TEST(StratumV2Noise, KnowsExtendedChannels) {
  NoiseTalk talk;
  open(talk);
  for (int i = 0; i < 4; ++i) talk.client(71), talk.server(58);
  talk.client(78);  // another target for the channel
  talk.server(74);
  talk.client(71);
  EXPECT_EQ(talk.facts().shares.sent, 4U);
}

TEST(StratumV2Noise, KnowsAClientThatDoesNotWaitForSuccess) {
  NoiseTalk talk;
  talk.client(64);
  talk.server(170);
  talk.client(54 + 31 + 79 + 40);
  talk.server(44 + 87 + 83 + 86);
  for (int i = 0; i < 3; ++i) talk.client(62), talk.server(58);
  EXPECT_EQ(talk.fits(), 0U);
  talk.client(62);
  EXPECT_EQ(talk.fits(), 10U);
  EXPECT_EQ(talk.facts().role, Role::pool);
}

TEST(StratumV2Noise, LeavesOtherHandshakesAlone) {
  struct Turns {
    const char* what;
    std::vector<std::size_t> bytes;  // client first
  };
  const Turns others[] = {{"BIP 324 with garbage", {64 + 700, 64 + 2'000, 100, 44, 119, 200, 62, 58, 62}},
                          {"BIP 324 without", {64, 64, 16 + 20, 36, 200, 90, 62, 58, 62}},
                          {"BIP 324 by bad luck", {64, 64 + 106, 16 + 20 + 150, 150, 119, 300, 62, 58, 62}},
                          {"Lightning", {50, 50, 66, 18 + 30, 119, 300, 62, 58, 62}},
                          {"one byte more", {65, 170, 85, 44, 119, 256, 62, 58, 62}},
                          {"another answer", {64, 171, 85, 44, 119, 256, 62, 58, 62}},
                          {"a short setup", {64, 170, 53, 44, 119, 256, 62, 58, 62}},
                          {"no Success", {64, 170, 85, 45, 119, 256, 62, 58, 62}},
                          {"goes on with little", {64, 170, 85, 44, 30, 256, 62, 58, 62}},
                          {"goes on with much", {64, 170, 85, 44, 5'000, 256, 62, 58, 62}},
                          {"a short answer", {64, 170, 85, 44, 119, 60, 62, 58, 62}},
                          {"no shares", {64, 170, 85, 44, 119, 256, 400, 58, 62, 59, 62, 300, 40}}};
  for (const Turns& other : others) {
    NoiseTalk talk;
    for (std::size_t i = 0; i < other.bytes.size(); ++i)
      i % 2 == 0 ? talk.client(other.bytes[i]) : talk.server(other.bytes[i]);
    EXPECT_EQ(talk.fits(), 0U) << other.what;
  }
}

TEST(StratumV2Noise, WantsKeysThatLookRandom) {
  TestBytes talk(create_stratum_v2_dialect());
  talk.client(std::string_view("a text of sixty-four letters, which is as long as a key is, and so."));
  EXPECT_EQ(talk.server(Bytes(170, 0x5a)), Fit::none);
  TestBytes half(create_stratum_v2_dialect());
  Bytes key(64);
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i * 73 + 5);
  EXPECT_EQ(half.client(key), Fit::neutral);
  EXPECT_EQ(half.server(std::string(170, 'a')), Fit::none);
}

TEST(StratumV2Noise, IgnoresExchangesThatGoOnDifferentlyAfterTheKeys) {
  std::mt19937 random(7);
  std::uint32_t fits = 0;
  for (int i = 0; i < 20'000; ++i) {
    NoiseTalk talk;
    talk.client(64);
    talk.server(170);
    for (int turn = 0; turn < 8; ++turn) {
      talk.client(1 + random() % 400);
      talk.server(1 + random() % 400);
    }
    fits += talk.fits() > 0 ? 1 : 0;
  }
  EXPECT_EQ(fits, 0U);
}

TEST(StratumV2Noise, GivesUpOnALossInTheHandshakeOnly) {
  NoiseTalk talk;
  talk.client(64);
  talk.lose(Side::server, 10);
  talk.server(170);
  talk.client(85);
  EXPECT_EQ(talk.server(44), Fit::none);
  NoiseTalk later;
  open(later);
  later.client(62);
  later.lose(Side::server, 58);
  later.server(58);
  later.client(62);
  later.server(58);
  later.client(62);
  EXPECT_EQ(later.facts().shares.sent, 1U) << "the turn with a loss says nothing";
}

}  // namespace
}  // namespace davy::mining

#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

constexpr const char* kBitcoin = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";

Bytes frame(std::uint8_t type, bool channel, ByteView payload) {
  Bytes out = {0, static_cast<std::uint8_t>(channel ? 0x80 : 0), type};
  for (const int shift : {0, 8, 16}) out.push_back(static_cast<std::uint8_t>(payload.size() >> shift));
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

void append_text(Bytes& out, std::string_view text) {
  out.push_back(static_cast<std::uint8_t>(text.size()));
  out.insert(out.end(), text.begin(), text.end());
}

Bytes setup(std::uint8_t protocol = 0, std::uint8_t version = 2) {
  Bytes out = {protocol, version, 0, version, 0, 0, 0, 0, 0};
  append_text(out, "pool.test");
  out.push_back(0xd2), out.push_back(0x85);
  for (const char* text : {"Vendor", "S19", "fw1", "device7"}) append_text(out, text);
  return frame(0x00, false, out);
}

Bytes open_channel(std::string_view user) {
  Bytes out = {1, 0, 0, 0};
  append_text(out, user);
  out.insert(out.end(), 4, 0x44);
  out.insert(out.end(), 32, 0xff);
  return frame(0x10, false, out);
}

// A target of 2^224: 32 bits.
Bytes opened() {
  Bytes out(8, 1);
  Bytes target(32, 0);
  target[28] = 1;
  out.insert(out.end(), target.begin(), target.end());
  append_text(out, "abcd");
  out.insert(out.end(), 4, 0);
  return frame(0x11, false, out);
}

Bytes new_job() { return frame(0x15, true, Bytes(45, 0)); }
Bytes share() { return frame(0x1a, true, Bytes(24, 3)); }
Bytes success(std::uint32_t accepted) {
  Bytes out(8, 0);
  append_u32_le(out, accepted);
  append_u64_le(out, 1'000);
  return frame(0x1c, true, out);
}
Bytes error() {
  Bytes out(8, 0);
  append_text(out, "stale-share");
  return frame(0x1d, true, out);
}

TEST(StratumV2, FollowsAWholeConversationHoweverItIsSplit) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, std::size_t{1'400}}) {
    TestBytes talk(create_stratum_v2_dialect(), piece);
    EXPECT_EQ(talk.client(setup()), Fit::fits);
    EXPECT_EQ(talk.server(frame(0x01, false, Bytes{2, 0, 0, 0, 0, 0})), Fit::fits);
    EXPECT_EQ(talk.client(open_channel(std::string(kBitcoin) + ".rig7")), Fit::fits);
    EXPECT_EQ(talk.server(opened()), Fit::fits);
    EXPECT_EQ(talk.server(new_job()), Fit::fits);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(talk.client(share()), Fit::fits);
    EXPECT_EQ(talk.server(success(2)), Fit::fits);
    EXPECT_EQ(talk.server(error()), Fit::fits);
    const ConversationFacts& facts = talk.facts();
    EXPECT_EQ(facts.dialect, "stratum_v2");
    EXPECT_EQ(facts.role, Role::pool);
    EXPECT_EQ(facts.agent, "Vendor S19 fw1");
    EXPECT_EQ(facts.wallet, kBitcoin);
    EXPECT_EQ(facts.account, std::string(kBitcoin) + ".rig7");
    EXPECT_EQ(facts.worker, "device7");
    EXPECT_EQ(facts.jobs, 1U);
    EXPECT_EQ(facts.shares.sent, 3U);
    EXPECT_EQ(facts.shares.unchecked, 3U);
    EXPECT_EQ(facts.shares.accepted, 2U);
    EXPECT_EQ(facts.shares.rejected, 1U);
    EXPECT_NEAR(facts.shares.expected_hashes, 2 * 4.295e9, 1e7);
    EXPECT_EQ(facts.misfits, 0U);
  }
}

TEST(StratumV2, IsKnownInMidStreamAndAfterALoss) {
  TestBytes talk(create_stratum_v2_dialect());
  EXPECT_NE(talk.client("the end of something"), Fit::fits);
  EXPECT_EQ(talk.client(share()), Fit::fits);
  EXPECT_EQ(talk.server(success(1)), Fit::fits);
  talk.lose(Side::client, 11);
  EXPECT_EQ(talk.client(share()), Fit::fits);
  EXPECT_EQ(talk.facts().role, Role::pool);
}

TEST(StratumV2, TellsProxiesApart) {
  TestBytes talk(create_stratum_v2_dialect());
  talk.client(setup(1));
  EXPECT_EQ(talk.facts().role, Role::proxy);
}

TEST(StratumV2, WantsInnerLengthsToAgree) {
  TestBytes talk(create_stratum_v2_dialect());
  Bytes wrong_text = setup();
  wrong_text[15] = 8;  // the length of the host
  talk.client(wrong_text);
  talk.client(setup(0, 1));
  talk.client(setup(3));
  talk.client(frame(0x1a, false, Bytes(24, 3)));
  talk.client(frame(0x1a, true, Bytes(23, 3)));
  talk.client(success(1));  // what only a server says
  talk.server(frame(0x1d, true, Bytes(9, 1)));
  talk.server(frame(0x15, true, Bytes(45, 1)));
  talk.server(frame(0x01, false, Bytes{1, 0, 0, 0, 0, 0}));
  EXPECT_EQ(talk.fits(), 0U);
}

TEST(StratumV2, LeavesOtherFramesAlone) {
  TestBytes talk(create_stratum_v2_dialect());
  talk.client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  talk.client(Bytes{0, 0, 0x12, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100, 0, 4, 0, 0, 255, 255, 0, 2, 0, 0, 0, 0});
  talk.server(Bytes{0, 0, 0x18, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100, 0, 4, 0, 0, 255, 255, 0, 2, 0, 0, 0, 0, 0, 0});
  talk.server(Bytes(600, 0));
  EXPECT_EQ(talk.fits(), 0U);
}

}  // namespace
}  // namespace davy::mining

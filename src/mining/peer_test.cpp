#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

Bytes bitcoin(std::uint32_t magic, std::string_view command, ByteView payload) {
  Bytes out;
  append_u32_le(out, magic);
  for (std::size_t i = 0; i < 12; ++i) out.push_back(i < command.size() ? static_cast<std::uint8_t>(command[i]) : 0);
  append_u32_le(out, static_cast<std::uint32_t>(payload.size()));
  append_u32_le(out, 0);  // the checksum is not looked at
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

Bytes version_payload() {
  Bytes out(80, 1);
  const std::string_view agent = "/Satoshi:27.0.0/";
  out.push_back(static_cast<std::uint8_t>(agent.size()));
  out.insert(out.end(), agent.begin(), agent.end());
  out.insert(out.end(), 5, 0);
  return out;
}

Bytes levin(std::uint32_t command, std::size_t body) {
  Bytes out;
  append_u64_le(out, 0x0101010101012101);
  append_u64_le(out, body);
  out.push_back(1);
  append_u32_le(out, command);
  append_u32_le(out, 0);
  append_u32_le(out, 1);
  append_u32_le(out, 1);
  out.insert(out.end(), body, 0x42);
  return out;
}

// Challenge, solution whose hash ends in zeros as far as work was done, port, request.
Bytes p2pool(std::uint32_t port, bool worked) {
  Bytes out(17, 0x77);
  out[0] = 0;
  out.push_back(1);
  out.insert(out.end(), 30, 0x55);
  out.insert(out.end(), 2, worked ? 0 : 0xee);
  out.insert(out.end(), 8, 0x99);
  out.push_back(2);
  append_u32_le(out, port);
  out.push_back(3);
  out.insert(out.end(), 32, 0);
  return out;
}

TEST(Peer, KnowsBitcoinHoweverItIsSplit) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{11}, std::size_t{1'400}}) {
    TestBytes talk(create_peer_dialect(), piece);
    EXPECT_EQ(talk.client(bitcoin(0xd9b4bef9, "version", version_payload())), Fit::fits);
    EXPECT_EQ(talk.server(bitcoin(0xd9b4bef9, "verack", {})), Fit::fits);
    EXPECT_EQ(talk.server(bitcoin(0xd9b4bef9, "block", Bytes(50'000, 7))), Fit::fits);
    EXPECT_EQ(talk.facts().dialect, "bitcoin_peer");
    EXPECT_EQ(talk.facts().role, Role::node);
    EXPECT_EQ(talk.facts().coin, "bitcoin");
    EXPECT_EQ(talk.facts().agent, "/Satoshi:27.0.0/");
    EXPECT_EQ(talk.facts().misfits, 0U);
  }
}

TEST(Peer, KnowsMonero) {
  TestBytes talk(create_peer_dialect());
  EXPECT_EQ(talk.client(levin(1001, 200)), Fit::fits);
  EXPECT_EQ(talk.server(levin(1001, 9'000)), Fit::fits);
  EXPECT_EQ(talk.facts().dialect, "monero_peer");
  EXPECT_EQ(talk.facts().role, Role::node);
}

TEST(Peer, IsKnownInMidStream) {
  TestBytes talk(create_peer_dialect());
  EXPECT_EQ(talk.server("the end of a block"), Fit::none);
  EXPECT_EQ(talk.server(bitcoin(0xd9b4bef9, "inv", Bytes(37, 1))), Fit::fits);
}

TEST(Peer, KnowsP2PoolByItsHandshake) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{17}, std::size_t{1'400}}) {
    TestBytes talk(create_peer_dialect(), piece);
    talk.client(p2pool(37'889, true));
    EXPECT_EQ(talk.server(p2pool(37'889, false)), Fit::fits);
    EXPECT_EQ(talk.facts().dialect, "p2pool_peer");
    EXPECT_EQ(talk.facts().role, Role::node);
    EXPECT_TRUE(talk.facts().both_sides());
  }
  TestBytes lazy(create_peer_dialect());
  lazy.client(p2pool(37'889, false));
  EXPECT_EQ(lazy.server(p2pool(37'889, false)), Fit::none) << "the client has not worked for it";
  TestBytes far(create_peer_dialect());
  far.client(p2pool(70'000, true));
  EXPECT_EQ(far.server(p2pool(70'000, true)), Fit::none);
}

TEST(Peer, LeavesOtherBytesAlone) {
  TestBytes talk(create_peer_dialect());
  talk.client(bitcoin(0xd9b4bef9, "Ver sion", {}));
  talk.client(bitcoin(0xd9b4bef8, "version", {}));
  Bytes too_long = bitcoin(0xd9b4bef9, "block", {});
  too_long[19] = 0xff;
  talk.client(too_long);
  Bytes wrong_version = levin(1001, 10);
  wrong_version[29] = 2;
  talk.client(wrong_version);
  talk.server(Bytes(500, 0));
  talk.server(Bytes(500, 1));
  EXPECT_EQ(talk.fits(), 0U);
}

}  // namespace
}  // namespace davy::mining

#include <gtest/gtest.h>

#include "network/probe/probe_answer.h"
#include "network/probe/probe_policy.h"
#include "network/probe/probe_question.h"

namespace davy::network::probe {
namespace {

const std::vector<std::string> kSentences = {"invalid address used for login", "unauthorized worker"};

Answer answer_to(Kind kind, std::string_view text) {
  return judge_answer(bytes_of({kind}, "h", 1), as_bytes(text), kSentences);
}

TEST(ProbeAnswer, WorkGivenToUs) {
  const Answer found = answer_to(Kind::stratum,
                                 "{\"id\":1,\"result\":[[[\"mining.notify\",\"a1\"]],\"0badcafe\",4],\"error\":null}\n"
                                 "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"4b01\","
                                 "\"0000000000000000000000000000000000000000000000000000000000000000\","
                                 "\"01000000\",\"00000000\",[],\"20000000\",\"1d00ffff\",\"5f5e1000\",true]}\n");
  EXPECT_EQ(found.kind, AnswerKind::job);
  EXPECT_EQ(found.dialect, "stratum");
}

TEST(ProbeAnswer, AGreetingWithoutWork) {
  EXPECT_EQ(
      answer_to(Kind::stratum, "{\"id\":1,\"result\":[[[\"mining.notify\",\"a1\"]],\"0badcafe\",4],\"error\":null}\n")
          .kind,
      AnswerKind::greeting);
}

TEST(ProbeAnswer, ARefusalInAPoolsWordsInEveryForm) {
  for (const char* error : {R"({"code":-1,"message":"Invalid address used for login"})",
                            R"("Invalid address used for login")", R"([24,"Unauthorized worker",null])"})
    EXPECT_EQ(answer_to(Kind::cryptonote, "{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":" + std::string(error) + "}\n").kind,
              AnswerKind::pool_error)
        << error;
}

TEST(ProbeAnswer, WhatOthersSay) {
  EXPECT_EQ(answer_to(Kind::stratum, "").kind, AnswerKind::nothing);
  EXPECT_EQ(answer_to(Kind::stratum, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").kind, AnswerKind::other);
  EXPECT_EQ(
      answer_to(Kind::cryptonote, "{\"id\":1,\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}\n").kind,
      AnswerKind::other);
  EXPECT_EQ(
      answer_to(Kind::cryptonote, "{\"id\":9,\"error\":{\"code\":-1,\"message\":\"Unauthorized worker\"}}\n").kind,
      AnswerKind::other)
      << "not in answer to our id";
}

TEST(ProbeAnswer, AnEchoIsNoPool) {
  for (const Kind kind :
       {Kind::stratum, Kind::cryptonote, Kind::ethproxy, Kind::stratum_v2, Kind::block_template, Kind::web_miner}) {
    const Bytes sent = bytes_of({kind}, "h", 1);
    EXPECT_EQ(judge_answer(sent, sent, kSentences).kind, AnswerKind::echo) << name_of({kind});
  }
}

TEST(ProbeAnswer, EveryKindHasItsName) {
  for (int i = 0; i <= static_cast<int>(AnswerKind::job); ++i)
    EXPECT_EQ(parse_answer_kind(name_of(static_cast<AnswerKind>(i))), static_cast<AnswerKind>(i));
}

TEST(ProbeQuestion, InOrderAndOnlyNamesAreNamed) {
  EXPECT_EQ(name_of(questions_for(false).front()), "stratum");
  EXPECT_EQ(questions_for(false).size(), 8U);
  EXPECT_EQ(name_of(questions_for(true).back()), "tls cryptonote with a server name");
  EXPECT_EQ(bytes_of({Kind::stratum_v2}, "", 1).size(), 64U);
  EXPECT_NE(bytes_of({Kind::stratum_v2}, "", 1), bytes_of({Kind::stratum_v2}, "", 2));
}

TEST(ProbePolicy, NamesCoverThemselvesAndNetworksAddresses) {
  const auto entries = parse_entries({"pool.example:443", "10.1.0.0/16:3000-4000", "[fd00::]:*", "10.2.0.1:*"});
  ASSERT_TRUE(entries) << describe(entries.error());
  const auto covered = [&](const char* target, const char* address) {
    const auto* entry = covering(*entries, *parse_target(target), *parse_address(address));
    return entry == nullptr ? std::string() : entry->text;
  };
  EXPECT_EQ(covered("Pool.Example:443", "198.51.100.1"), "pool.example:443");
  EXPECT_EQ(covered("pool.example:444", "198.51.100.1"), "");
  EXPECT_EQ(covered("other.example:3333", "10.1.2.3"), "10.1.0.0/16:3000-4000");
  EXPECT_EQ(covered("10.1.2.3:4001", "10.1.2.3"), "");
  EXPECT_EQ(covered("[fd00::]:1", "fd00::"), "[fd00::]:*");
  EXPECT_EQ(covered("eu.pool.example:443", "198.51.100.1"), "") << "a name covers itself alone";
}

TEST(ProbePolicy, WhatIsNoTargetOrNobodysAddress) {
  for (const char* bad : {"", "h", "h:", ":1", "h:0", "h:65536", "h:1x", "fd00::1:1", "a b:1", "1.2.3:4"})
    EXPECT_FALSE(parse_target(bad)) << bad;
  for (const char* bad : {"10.0.0.0/33:1", "10.0.0.0/8", "h:9-1", "h:1-", "h:x"})
    EXPECT_FALSE(parse_entries({bad})) << bad;
  for (const char* never : {"0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"})
    EXPECT_TRUE(is_never_asked(*parse_address(never))) << never;
  EXPECT_FALSE(is_never_asked(*parse_address("127.0.0.1")));
}

}  // namespace
}  // namespace davy::network::probe

#include "mining/cycle/cycle_opening.h"

#include <gtest/gtest.h>

namespace davy::mining {
namespace {

constexpr SizeBand kHello = {90, 760}, kWelcome = {290, 900};

CycleOpening opening(std::initializer_list<std::pair<char, std::uint16_t>> records) {
  CycleOpening out;
  for (const auto& [side, size] : records) out.see(side == 'c' ? Side::client : Side::server, size);
  return out;
}

TEST(CycleOpening, ALoginAndItsAnswer) {
  EXPECT_EQ(opening({{'c', 540}, {'s', 480}}).answer_to_login(kHello, kWelcome), 480U);
}

TEST(CycleOpening, TicketsMayComeBeforeEither) {
  EXPECT_EQ(opening({{'s', 239}, {'s', 239}, {'c', 540}, {'s', 480}}).answer_to_login(kHello, kWelcome), 480U);
  EXPECT_EQ(opening({{'c', 540}, {'s', 239}, {'s', 239}, {'s', 480}}).answer_to_login(kHello, kWelcome), 480U);
}

TEST(CycleOpening, AServerThatSpeaksFirstIsNoPool) {
  EXPECT_FALSE(opening({{'s', 120}, {'c', 540}, {'s', 480}}).answer_to_login(kHello, kWelcome));
  EXPECT_FALSE(opening({{'s', 239}, {'s', 239}, {'s', 239}, {'c', 540}, {'s', 480}}).answer_to_login(kHello, kWelcome));
}

TEST(CycleOpening, TheAnswerComesBeforeTheSecondQuestion) {
  EXPECT_FALSE(opening({{'c', 540}, {'s', 60}, {'c', 186}, {'s', 480}}).answer_to_login(kHello, kWelcome));
  EXPECT_FALSE(opening({{'c', 40}, {'s', 480}}).answer_to_login(kHello, kWelcome));
}

TEST(CycleOpening, AnAnswerAlikeTheOnesToShares) {
  const auto talk = opening({{'c', 64}, {'s', 120}, {'c', 70}, {'s', 36}, {'c', 110}});
  EXPECT_TRUE(talk.was_answered_by({33, 37}, {108, 112}));
  EXPECT_FALSE(talk.was_answered_by({50, 60}, {108, 112}));
  EXPECT_FALSE(opening({{'c', 64}, {'s', 120}, {'c', 110}, {'s', 36}}).was_answered_by({33, 37}, {108, 112}));
}

TEST(CycleOpening, OnlyTheFirstExchangeIsTakenOutOfTheCycle) {
  CycleOpening talk;
  EXPECT_TRUE(talk.see(Side::client, 540));
  EXPECT_TRUE(talk.see(Side::server, 480));
  EXPECT_FALSE(talk.see(Side::client, 186));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(talk.see(Side::server, 64));
}

}  // namespace
}  // namespace davy::mining

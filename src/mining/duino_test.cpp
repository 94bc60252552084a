#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

const std::string kJob = digits(40) + "," + digits(40, 'b') + ",10\n";

TEST(Duino, FollowsAWholeConversationHoweverItIsSplit) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1'000}}) {
    TestBytes talk(create_duino_dialect(), piece);
    talk.server("3.0\n");
    EXPECT_EQ(talk.client("JOB,anna,MEDIUM,key\n"), Fit::fits);
    EXPECT_EQ(talk.server(kJob), Fit::fits);
    EXPECT_EQ(talk.client("345,210000.5,Official PC Miner 4,rig1,,77\n"), Fit::fits);
    talk.server("GOOD\n");
    talk.client("JOB,anna,MEDIUM,key\n");
    talk.server(kJob);
    talk.client("346,210000.5,Official PC Miner 4,rig1,,77\n");
    talk.server("BAD,wrong result\n");
    const ConversationFacts& facts = talk.facts();
    EXPECT_EQ(facts.dialect, "duino");
    EXPECT_EQ(facts.role, Role::pool);
    EXPECT_EQ(facts.account, "anna");
    EXPECT_EQ(facts.agent, "Official PC Miner 4");
    EXPECT_EQ(facts.worker, "rig1");
    EXPECT_EQ(facts.jobs, 2U);
    EXPECT_EQ(facts.shares.sent, 2U);
    EXPECT_EQ(facts.shares.accepted, 1U);
    EXPECT_EQ(facts.shares.rejected, 1U);
    EXPECT_EQ(facts.misfits, 0U);
  }
}

TEST(Duino, UnderstandsClientsThatEndNoLine) {
  TestBytes talk(create_duino_dialect(), 3);
  talk.client("JOB,anna,MYBOARD");
  EXPECT_EQ(talk.server(kJob), Fit::fits);
  talk.client("345,21");
  talk.server("GOOD\n");
  EXPECT_EQ(talk.facts().client_fits, 2U);
  EXPECT_EQ(talk.facts().shares.accepted, 1U);
}

TEST(Duino, IsKnownInMidStreamAndAfterALoss) {
  TestBytes talk(create_duino_dialect());
  talk.client("45,21.5,miner\n");
  EXPECT_EQ(talk.server("GOOD\n"), Fit::neutral);
  talk.lose(Side::server, 100);
  talk.server("aaaa,10\n");
  EXPECT_EQ(talk.server(kJob), Fit::fits);
  EXPECT_EQ(talk.client("46,21.5,miner\n"), Fit::fits);
}

TEST(Duino, LeavesTextAlone) {
  TestBytes talk(create_duino_dialect());
  talk.client("JOB,print,queue2\nJOB\nJOB,,LOW\nJOB,a,b,c,d,e\n12,13,14\nGOOD\n");
  talk.server("OK\n1.0\n" + digits(40) + "\n" + digits(40) + ",x,3\nGOOD\nBAD\n" + digits(40) + ",3,4\n");
  talk.client(std::string(5'000, 'x') + "\nJOB,anna,URGENT\n");
  EXPECT_EQ(talk.fits(), 0U);
  EXPECT_EQ(talk.facts().shares.accepted, 0U);
}

}  // namespace
}  // namespace davy::mining

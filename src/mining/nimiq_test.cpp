#include "mining/talk_test_parts.h"

namespace davy::mining {
namespace {

const std::string kHash = digits(43, 'A') + "=";
const std::string kProof = digits(60, 'B');
const std::string kRegister =
    R"({"message":"register","mode":"smart","address":"NQ06 ABCD EFGH 0123 JKLM 4567 NPQR 89ST UVXY","deviceId":123,)"
    R"("startDifficulty":null,"deviceData":null,"genesisHash":")" +
    kHash + R"("})";
const std::string kSettings =
    R"({"message":"settings","address":"NQ07 0000 0000 0000 0000 0000 0000 0000 0000","extraData":")" + kProof +
    R"(","target":1.2e75,"targetCompact":520159231,"nonce":1234})";
const std::string kShare = R"({"message":"share","blockHeader":")" + kProof + R"(","minerAddrProof":")" + kProof +
                           R"(","extraDataProof":")" + kProof + R"("})";

TEST(Nimiq, FollowsAWholeConversation) {
  TestExchange talk(create_nimiq_dialect());
  EXPECT_EQ(talk.client(kRegister), Fit::fits);
  EXPECT_EQ(talk.server(R"({"message":"registered"})"), Fit::neutral);
  EXPECT_EQ(talk.server(kSettings), Fit::fits);
  EXPECT_EQ(talk.server(R"({"message":"new-block","bodyHash":")" + kHash + R"(","accountsHash":")" + kHash +
                        R"(","previousBlock":")" + kProof + R"("})"),
            Fit::fits);
  EXPECT_EQ(talk.client(kShare), Fit::fits);
  EXPECT_EQ(talk.server(R"({"message":"error","reason":"invalid share: invalid pow"})"), Fit::neutral);
  EXPECT_EQ(talk.server(R"({"message":"balance","balance":1,"confirmedBalance":0,"payoutRequestActive":false})"),
            Fit::fits);
  const ConversationFacts& facts = talk.facts();
  EXPECT_EQ(facts.role, Role::pool);
  EXPECT_EQ(facts.coin, "nimiq");
  EXPECT_EQ(facts.wallet, "NQ06ABCDEFGH0123JKLM4567NPQR89STUVXY");
  EXPECT_EQ(facts.worker, "123");
  EXPECT_EQ(facts.jobs, 2U);
  EXPECT_EQ(facts.shares.sent, 1U);
  EXPECT_EQ(facts.shares.unchecked, 1U);
  EXPECT_EQ(facts.shares.rejected, 1U);
  EXPECT_EQ(facts.misfits, 0U);
}

TEST(Nimiq, IsKnownInMidStream) {
  TestExchange talk(create_nimiq_dialect());
  EXPECT_EQ(talk.client(kShare), Fit::fits);
  EXPECT_EQ(talk.server(kSettings), Fit::fits);
  EXPECT_EQ(talk.facts().role, Role::pool);
}

TEST(Nimiq, LeavesOtherProgramsAlone) {
  TestExchange talk(create_nimiq_dialect());
  std::string wrong_digits = kRegister;
  wrong_digits.replace(wrong_digits.find("NQ06"), 4, "NQ05");
  for (const std::string& text :
       {std::string(R"({"message":"register","user":"anna","password":"x"})"), wrong_digits,
        std::string(R"({"message":"register","mode":"smart","address":"1 Main Street","deviceId":4})"),
        std::string(R"({"message":"share","block":"abc"})"), std::string(R"({"message":"share","url":"x"})"),
        std::string(R"({"message":"payout"})"), std::string(R"({"message":"hello, register for mining"})")})
    EXPECT_EQ(talk.client(text), Fit::none) << text;
  for (const char* text : {R"({"message":"registered"})", R"({"message":"settings","theme":"dark","target":3})",
                           R"({"message":"new-block","id":4})", R"({"message":"error","reason":"invalid share"})"})
    EXPECT_EQ(talk.server(text), Fit::none) << text;
  EXPECT_EQ(talk.fits(), 0U);
}

}  // namespace
}  // namespace davy::mining

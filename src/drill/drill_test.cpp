#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <algorithm>
#include <memory>

#include "base/json.h"
#include "drill/command.h"
#include "drill/config_text.h"
#include "drill/fields.h"
#include "drill/messages.h"
#include "drill/talks/pcap.h"
#include "drill/wallet.h"

namespace davy::drill {
namespace {

TEST(Masked, ComesBackAndIsNotReadable) {
  static constexpr auto kText = mask("donate");
  EXPECT_EQ(SecretText(kText).view(), "donate");
  EXPECT_NE(std::string_view(kText.bytes.data(), kText.size), "donate");
  EXPECT_TRUE(equals("donate", kText));
  EXPECT_FALSE(equals("donatf", kText));
  EXPECT_EQ(find("we donate", kText), 3U);
}

TEST(Masked, SecretTextGrowsAndClears) {
  SecretText text;
  for (int i = 0; i < 1000; ++i) text.add_number(7);
  EXPECT_EQ(text.view(), std::string(1000, '7'));
  text.clear();
  EXPECT_TRUE(text.empty());
}

TEST(Talks, TheFormsOfAMessageAreTheSameJson) {
  EXPECT_EQ(spaced(R"({"a":"b:c,\"","d":[1,2]})"), R"({"a" : "b:c,\"" , "d" : [1 , 2]})");
  EXPECT_EQ(reordered(R"({"a":{"b":1,"c":2},"d":[3,4],"e":"},{"})"), R"({"e":"},{","d":[3,4],"a":{"b":1,"c":2}})");
  EXPECT_EQ(reordered("GOOD"), "GOOD");
}

TEST(Talks, EachSaysTheSameEveryTimeAndOnBothSides) {
  for (const Talk* talk : all_talks()) {
    const auto turns = play(*talk, {});
    EXPECT_TRUE(std::ranges::any_of(turns, [](const Turn& turn) { return turn.client; }));
    EXPECT_TRUE(std::ranges::any_of(turns, [](const Turn& turn) { return !turn.client; }));
    EXPECT_EQ(write_pcap(turns, {}), write_pcap(play(*talk, {}), {}));
  }
  EXPECT_EQ(find_talk("nothing"), nullptr);
}

TEST(Loopback, AcceptsOnlyNumericLoopback) {
  for (const char* good : {"127.0.0.1:20001", "127.255.3.4:1", "[::1]:65535", "tcp://127.0.0.1:99"})
    EXPECT_TRUE(parse_loopback(good)) << good;
  for (const char* bad : {"192.0.2.1:3333", "8.8.8.8:53", "localhost:1", "pool.example:3333", "128.0.0.1:1",
                          "0.0.0.0:1", "[::]:1", "[::2]:1", "[::ffff:127.0.0.1]:1", "::1:1", "127.0.0.1", "127.0.0.1:",
                          "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:1x", "127.1:1", "", ":", "127.0.0.1@8.8.8.8:1"})
    EXPECT_FALSE(parse_loopback(bad)) << bad;
}

TEST(Loopback, ConnectChecksAgain) {
  LoopbackAddress address;
  address.bytes = {192, 0, 2, 1};
  address.port = 9;
  const auto refused = connect_loopback(address);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
}

TEST(Wallet, KeccakKnownAnswer) {
  EXPECT_EQ(to_hex(keccak256({})), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
}

TEST(Wallet, HasTheLengthAndFirstLetterOfTheRealThing) {
  const SecretText wallet = exercise_wallet();
  EXPECT_EQ(wallet.view().size(), kWalletCharacters);
  EXPECT_EQ(wallet.view().front(), '4');
}

// y of a curve point satisfies x^2 = (y^2 - 1) / (d y^2 + 1); no x exists when that is no square modulo 2^255 - 19.
bool is_curve_point(PublicKeyBytes key) {
  using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
  const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context(BN_CTX_new(), &BN_CTX_free);
  const auto number = [] { return Number(BN_new(), &BN_free); };
  const auto from_hex = [](const char* hex) {
    BIGNUM* made = nullptr;
    BN_hex2bn(&made, hex);
    return Number(made, &BN_free);
  };
  const Number p = from_hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
  const Number d = from_hex("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
  key[31] &= 0x7f;
  const Number y(BN_lebin2bn(key.data(), 32, nullptr), &BN_free);
  auto square = number(), top = number(), bottom = number(), x2 = number(), half = number(), sign = number();
  BN_mod_sqr(square.get(), y.get(), p.get(), context.get());
  BN_copy(top.get(), square.get());
  BN_sub_word(top.get(), 1);
  BN_mod_mul(bottom.get(), square.get(), d.get(), p.get(), context.get());
  BN_add_word(bottom.get(), 1);
  BN_mod_inverse(bottom.get(), bottom.get(), p.get(), context.get());
  BN_mod_mul(x2.get(), top.get(), bottom.get(), p.get(), context.get());
  BN_rshift1(half.get(), p.get());
  BN_mod_exp(sign.get(), x2.get(), half.get(), p.get(), context.get());
  return BN_is_zero(x2.get()) || BN_is_one(sign.get());
}

TEST(Wallet, NobodyCanOwnIt) {
  PublicKeyBytes base_point;
  base_point.fill(0x66);
  base_point[0] = 0x58;
  EXPECT_TRUE(is_curve_point(base_point));
  EXPECT_FALSE(is_curve_point(exercise_spend_key()));
  EXPECT_FALSE(is_curve_point(exercise_view_key()));
}

TEST(Fields, FindsValuesInAnySpacing) {
  EXPECT_EQ(string_field(R"({"a" : "x","id":7,"id":"s"})", mask("id")), "s");
  EXPECT_EQ(number_field(R"({"xid":3,"id": 7})", mask("id")), 7U);
  EXPECT_FALSE(string_field(R"({"id":"a\"b"})", mask("id")));
  EXPECT_FALSE(string_field(R"({"id":"unfinished)", mask("id")));
  EXPECT_FALSE(string_field(R"({"id)", mask("id")));
  EXPECT_FALSE(number_field(R"({"id":)", mask("id")));
}

TEST(Messages, LinesAreJsonAndJobsComeBack) {
  Job job;
  job.blob_bytes = kBlobBytes;
  job.blob[0] = 16;
  job.target = 0x01020304;
  job.id.store("ab12");
  SecretText line;
  add_login_answer(line, 1, job.id.view(), job, {Algorithm::randomx, 5});
  const auto json = Json::parse(line.view());
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)["result"]["job"]["target"].string_or(""), "04030201");
  EXPECT_EQ((*json)["result"]["status"].string_or(""), "OK");
  Job read;
  ASSERT_TRUE(read_job(line.view(), read));
  EXPECT_EQ(read.target, job.target);
  EXPECT_EQ(read.blob_bytes, kBlobBytes);
}

TEST(Messages, BadJobsAreRefused) {
  Job job;
  EXPECT_FALSE(read_job(R"({"blob":"00","job_id":"a","target":"ffffffff"})", job));
  const std::string blob(2 * (kBlobBytesMax + 1), '0');
  EXPECT_FALSE(read_job(R"({"job_id":"a","target":"ffffffff","blob":")" + blob + "\"}", job));
  const std::string good(2 * kBlobBytesMax, '0');
  EXPECT_TRUE(read_job(R"({"job_id":"a","target":"ffffffff","blob":")" + good + "\"}", job));
  EXPECT_FALSE(read_job(R"({"job_id":"a","target":"ff","blob":")" + good + "\"}", job));
  EXPECT_TRUE(read_job(R"({"job_id":"a","target":"00000000ffff0000","blob":")" + good + "\"}", job));
  EXPECT_EQ(job.target, 0xffffU);
}

TEST(Config, BuiltTextIsAcceptedAndForeignOnesAreNot) {
  Plan plan;
  plan.has_pool = true;
  const SecretText text = build_config(plan, "127.0.0.1:20001");
  Plan read;
  EXPECT_TRUE(apply_config(text.view(), read));
  EXPECT_EQ(read.pool.port, 20'001);
  EXPECT_FALSE(apply_config(R"({"pools":[{"url":"8.8.8.8:1","user":"x"}]})", read));
  EXPECT_FALSE(apply_config(R"({"pools":[{"url":"127.0.0.1:1","user":"somebody"}]})", read));
  EXPECT_FALSE(apply_config("nonsense", read));
}

TEST(Command, RefusesWhatItDoesNotKnow) {
  const auto mine = [](std::vector<std::string> words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    const auto read = Words::read(pointers);
    return read && read_mine(*read);
  };
  EXPECT_TRUE(mine({"mine", "--duty", "25", "--disguise", "nice", "--disguise", "memfd", "--scrub"}));
  EXPECT_FALSE(mine({"mine", "--duty", "26"}));
  EXPECT_FALSE(mine({"mine", "--seconds", "3601"}));
  EXPECT_FALSE(mine({"mine", "--seconds", "0"}));
  EXPECT_FALSE(mine({"mine", "--disguise", "invisible"}));
  EXPECT_FALSE(mine({"mine", "--wallet", "x"}));
  EXPECT_FALSE(mine({"mine", "--pool", "192.0.2.1:1"}));
  EXPECT_FALSE(mine({"mine", "--pool"}));
}

}  // namespace
}  // namespace davy::drill

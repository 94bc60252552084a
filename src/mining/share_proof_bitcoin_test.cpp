#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/hash.h"
#include "mining/number256.h"
#include "mining/share_proof.h"

namespace davy::mining {
namespace {

// Blocks 1 and 170 as a pool would have announced them. Their coinbases are cut where the extranonces stand.
BitcoinJob job_of_block_1() {
  return {.previous_hash = "0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000",
          .coinbase1 =
              "0100000001000000000000000000000000000000000000000000000000000000000000000"
              "0ffffffff0704ffff00",
          .coinbase2 =
              "04ffffffff0100f2052a0100000043410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c"
              "52da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac00000000",
          .merkle_branch = {},
          .version = "00000001",
          .bits = "1d00ffff",
          .time = "4966bc00"};
}
const BitcoinSubmit kSubmitOfBlock1 = {
    .extranonce2 = "01", .time = "4966bc61", .nonce = "9962e301", .version_bits = ""};

BitcoinJob job_of_block_170() {
  return {.previous_hash = "0a84bd55d08a7978683f85da183d4f97dbd12b3e1f2c846a2a22cfee00000000",
          .coinbase1 =
              "0100000001000000000000000000000000000000000000000000000000000000000000000"
              "0ffffffff0704ffff00",
          .coinbase2 =
              "02ffffffff0100f2052a01000000434104d46c4968bde02899d2aa0963367c7a6ce34eec332b32e42e5f3407e052d64a"
              "c625da6f0718e7b302140434bd725706957c092db53805b821a85b23a7ac61725bac00000000",
          .merkle_branch = {"169e1e83e930853391bc6f35f605c6754cfead57cf8387639d3b4096c54f18f4"},
          .version = "00000001",
          .bits = "1d00ffff",
          .time = "496ab951"};
}
const BitcoinSubmit kSubmitOfBlock170 = {
    .extranonce2 = "01", .time = "496ab951", .nonce = "709e3e28", .version_bits = ""};
const std::string kExtranonce1 = "1d";

bool valid(const BitcoinJob& job, const BitcoinSubmit& submit, double difficulty) {
  const auto proof = prove_bitcoin_share(job, kExtranonce1, submit, difficulty, "");
  return proof && proof->valid;
}

TEST(BitcoinShare, ProvesTheFirstBlock) {
  const BitcoinJob job = {
      .previous_hash = std::string(64, '0'),
      .coinbase1 = "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04",
      .coinbase2 =
          "455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f"
          "6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a671"
          "30b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf1"
          "1d5fac00000000",
      .merkle_branch = {},
      .version = "00000001",
      .bits = "1d00ffff",
      .time = "495fab29"};
  const auto proof = prove_bitcoin_share(
      job, "ffff001d", {.extranonce2 = "0104", .time = "495fab29", .nonce = "7c2bac1d", .version_bits = ""}, 1.0, "");
  ASSERT_TRUE(proof);
  EXPECT_TRUE(proof->valid);
  EXPECT_TRUE(proof->recomputed);
  EXPECT_NEAR(proof->bits, 32.0, 0.001);
}

TEST(BitcoinShare, TurnsTheWordsOfThePreviousHash) {
  EXPECT_TRUE(valid(job_of_block_1(), kSubmitOfBlock1, 1.0));
  BitcoinJob job = job_of_block_1();
  job.previous_hash = "6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000";
  EXPECT_FALSE(valid(job, kSubmitOfBlock1, 1.0));
}

TEST(BitcoinShare, FoldsTheMerkleBranch) {
  EXPECT_TRUE(valid(job_of_block_170(), kSubmitOfBlock170, 1.0));
  BitcoinJob job = job_of_block_170();
  job.merkle_branch.clear();
  EXPECT_FALSE(valid(job, kSubmitOfBlock170, 1.0));
}

TEST(BitcoinShare, NoticesEveryChangedMember) {
  const auto changed = [](auto change) {
    BitcoinJob job = job_of_block_170();
    BitcoinSubmit submit = kSubmitOfBlock170;
    change(job, submit);
    return valid(job, submit, 1e-6);  // 12 bits: a change passes once in 4096
  };
  EXPECT_TRUE(changed([](BitcoinJob&, BitcoinSubmit&) {}));
  EXPECT_FALSE(changed([](BitcoinJob& job, BitcoinSubmit&) { job.version = "00000002"; }));
  EXPECT_FALSE(changed([](BitcoinJob& job, BitcoinSubmit&) { job.bits = "1d00fffe"; }));
  EXPECT_FALSE(changed([](BitcoinJob& job, BitcoinSubmit&) { job.coinbase1[80] ^= 1; }));
  EXPECT_FALSE(changed([](BitcoinJob& job, BitcoinSubmit&) { job.coinbase2[20] ^= 1; }));
  EXPECT_FALSE(changed([](BitcoinJob& job, BitcoinSubmit&) { job.merkle_branch[0][9] ^= 1; }));
  EXPECT_FALSE(changed([](BitcoinJob&, BitcoinSubmit& submit) { submit.nonce = "709e3e29"; }));
  EXPECT_FALSE(changed([](BitcoinJob&, BitcoinSubmit& submit) { submit.time = "496ab952"; }));
  EXPECT_FALSE(changed([](BitcoinJob&, BitcoinSubmit& submit) { submit.extranonce2 = "02"; }));
  EXPECT_TRUE(changed([](BitcoinJob& job, BitcoinSubmit&) { job.time = "00000000"; })) << "the miner's time counts";
}

// The hash of a header put together here, and the difficulty that it just reaches.
double difficulty_reached(const Bytes& header) {
  const double hash = approximate(number_of_digest(sha256(sha256(header))));
  return std::ldexp(65535.0, 208) / hash;
}

class Builder {
 public:
  std::string digits(std::size_t bytes) {
    Bytes out;
    for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(random_()));
    return to_hex(out);
  }
  BitcoinJob job(std::size_t branch) {
    BitcoinJob out{digits(32), digits(60), digits(70), {}, digits(4), digits(4), digits(4)};
    for (std::size_t i = 0; i < branch; ++i) out.merkle_branch.push_back(digits(32));
    return out;
  }

 private:
  std::mt19937 random_{11};
};

Bytes reversed(const std::string& digits) {
  Bytes bytes = *from_hex(digits);
  return {bytes.rbegin(), bytes.rend()};
}

Bytes header_of(const BitcoinJob& job, const std::string& extranonces, const BitcoinSubmit& submit,
                const std::string& version) {
  Sha256Digest root = sha256(sha256(*from_hex(job.coinbase1 + extranonces + job.coinbase2)));
  for (const std::string& other : job.merkle_branch) root = sha256(sha256(*from_hex(to_hex(root) + other)));
  Bytes header = reversed(version);
  const auto append = [&](const Bytes& bytes) { header.insert(header.end(), bytes.begin(), bytes.end()); };
  for (std::size_t word = 0; word < 64; word += 8) append(reversed(job.previous_hash.substr(word, 8)));
  append(Bytes(root.begin(), root.end()));
  for (const std::string& word : {submit.time, job.bits, submit.nonce}) append(reversed(word));
  return header;
}

TEST(BitcoinShare, AgreesWithAHeaderBuiltApart) {
  Builder builder;
  for (std::size_t branch = 0; branch <= 32; ++branch) {
    const BitcoinJob job = builder.job(branch);
    const BitcoinSubmit submit{builder.digits(4), builder.digits(4), builder.digits(4), ""};
    const std::string extranonce1 = builder.digits(branch % 9);
    const double reached = difficulty_reached(header_of(job, extranonce1 + submit.extranonce2, submit, job.version));
    EXPECT_TRUE(prove_bitcoin_share(job, extranonce1, submit, reached * 0.999, "")->valid) << branch;
    EXPECT_FALSE(prove_bitcoin_share(job, extranonce1, submit, reached * 1.001, "")->valid) << branch;
  }
}

TEST(BitcoinShare, RollsTheVersionInsideTheMask) {
  Builder builder;
  BitcoinJob job = builder.job(3);
  job.version = "20000004";
  const BitcoinSubmit submit{builder.digits(4), builder.digits(4), builder.digits(4), "1555e00f"};
  const auto holds = [&](const std::string& version, const std::string& mask) {
    const double reached = difficulty_reached(header_of(job, submit.extranonce2, submit, version));
    return prove_bitcoin_share(job, "", submit, reached * 0.999, mask)->valid &&
           !prove_bitcoin_share(job, "", submit, reached * 1.001, mask)->valid;
  };
  EXPECT_TRUE(holds("3555e004", "1fffe000"));
  EXPECT_TRUE(holds("3555e004", "")) << "the mask was said before the capture began";
  EXPECT_TRUE(holds("2001e004", "0003e000"));
  EXPECT_TRUE(holds("20000004", "00000000"));
}

TEST(BitcoinShare, TellsHowUnlikelyChanceIs) {
  const auto bits = [](double difficulty) {
    return prove_bitcoin_share(job_of_block_1(), kExtranonce1, kSubmitOfBlock1, difficulty, "")->bits;
  };
  EXPECT_NEAR(bits(1024.0), 42.0, 0.001);
  EXPECT_LT(bits(1e-9), kTrivialBits);
  EXPECT_EQ(bits(1e-30), 0.0);
}

TEST(BitcoinShare, RefusesMalformedMembers) {
  const auto refused = [](auto change) {
    BitcoinJob job = job_of_block_1();
    BitcoinSubmit submit = kSubmitOfBlock1;
    change(job, submit);
    return !prove_bitcoin_share(job, kExtranonce1, submit, 1.0, "");
  };
  EXPECT_FALSE(refused([](BitcoinJob&, BitcoinSubmit&) {}));
  EXPECT_TRUE(refused([](BitcoinJob& job, BitcoinSubmit&) { job.previous_hash.pop_back(); }));
  EXPECT_TRUE(refused([](BitcoinJob& job, BitcoinSubmit&) { job.coinbase1.pop_back(); }));
  EXPECT_TRUE(refused([](BitcoinJob& job, BitcoinSubmit&) { job.coinbase2 = "zz"; }));
  EXPECT_TRUE(refused([](BitcoinJob& job, BitcoinSubmit&) { job.coinbase1 = std::string(200'000, '0'); }));
  EXPECT_TRUE(refused([](BitcoinJob& job, BitcoinSubmit&) { job.merkle_branch = {"00"}; }));
  EXPECT_TRUE(refused([](BitcoinJob& job, BitcoinSubmit&) { job.merkle_branch.assign(33, std::string(64, '0')); }));
  EXPECT_TRUE(refused([](BitcoinJob& job, BitcoinSubmit&) { job.version = ""; }));
  EXPECT_TRUE(refused([](BitcoinJob& job, BitcoinSubmit&) { job.bits = "1d00ffff0"; }));
  EXPECT_TRUE(refused([](BitcoinJob&, BitcoinSubmit& submit) { submit.nonce = "nonce"; }));
  EXPECT_TRUE(refused([](BitcoinJob&, BitcoinSubmit& submit) { submit.time = ""; }));
  EXPECT_TRUE(refused([](BitcoinJob&, BitcoinSubmit& submit) { submit.extranonce2 = "1"; }));
  EXPECT_TRUE(refused([](BitcoinJob&, BitcoinSubmit& submit) { submit.version_bits = "123456789"; }));
  EXPECT_FALSE(prove_bitcoin_share({}, "", {}, 1.0, ""));
}

TEST(BitcoinShare, RefusesImpossibleDifficultiesAndMasks) {
  for (const double difficulty :
       {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    EXPECT_FALSE(prove_bitcoin_share(job_of_block_1(), kExtranonce1, kSubmitOfBlock1, difficulty, ""));
  BitcoinSubmit rolling = kSubmitOfBlock1;
  rolling.version_bits = "00002000";
  EXPECT_FALSE(prove_bitcoin_share(job_of_block_1(), kExtranonce1, rolling, 1.0, "mask"));
  EXPECT_TRUE(prove_bitcoin_share(job_of_block_1(), kExtranonce1, kSubmitOfBlock1, 1e300, ""));
}

}  // namespace
}  // namespace davy::mining

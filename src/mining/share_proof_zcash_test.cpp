#include <gtest/gtest.h>

#include <string>

#include "mining/share_proof.h"

namespace davy::mining {
namespace {

// The first block of Zcash, whose own target is its share's; its solution is part of every node's source.
constexpr const char* kSolution =
    "000a889f00854b8665cd555f4656f68179d31ccadc1b1f7fb0952726313b16941da348284d67add4686121d4e3d930160c1348d8191c25f1"
    "2b267a6a9c131b5031cbf8af1f79c9d513076a216ec87ed045fa966e01214ed83ca02dc1797270a454720d3206ac7d931a0a680c5c5e0990"
    "57592570ca9bdf6058343958b31901fce1a15a4f38fd347750912e14004c73dfe588b903b6c03166582eeaf30529b14072a7b3079e3a6846"
    "01b9b3024054201f7440b0ee9eb1a7120ff43f713735494aa27b1f8bab60d7f398bca14f6abb2adbf29b04099121438a7974b078a11635b5"
    "94e9170f1086140b4173822dd697894483e1c6b4e8b8dcd5cb12ca4903bc61e108871d4d915a9093c18ac9b02b6716ce1013ca2c1174e319"
    "c1a570215bc9ab5f7564765f7be20524dc3fdf8aa356fd94d445e05ab165ad8bb4a0db096c097618c81098f91443c719416d39837af6de85"
    "015dca0de89462b1d8386758b2cf8a99e00953b308032ae44c35e05eb71842922eb69797f68813b59caf266cb6c213569ae3280505421a7e"
    "3a0a37fdf8e2ea354fc5422816655394a9454bac542a9298f176e211020d63dee6852c40de02267e2fc9d5e1ff2ad9309506f02a1a71a050"
    "1b16d0d36f70cdfd8de78116c0c506ee0b8ddfdeb561acadf31746b5a9dd32c21930884397fb1682164cb565cc14e089d66635a32618f7eb"
    "05fe05082b8a3fae620571660a6b89886eac53dec109d7cbb6930ca698a168f301a950be152da1be2b9e07516995e20baceebecb5579d7cd"
    "bc16d09f3a50cb3c7dffe33f26686d4ff3f8946ee6475e98cf7b3cf9062b6966e838f865ff3de5fb064a37a21da7bb8dfd2501a29e184f20"
    "7caaba364f36f2329a77515dcb710e29ffbf73e2bbd773fab1f9a6b005567affff605c132e4e4dd69f36bd201005458cfbd2c658701eb2a7"
    "00251cefd886b1e674ae816d3f719bac64be649c172ba27a4fd55947d95d53ba4cbc73de97b8af5ed4840b659370c556e7376457f51e5ebb"
    "66018849923db82c1c9a819f173cccdb8f3324b239609a300018d0fb094adf5bd7cbb3834c69e6d0b3798065c525b20f040e965e1a161af7"
    "8ff7561cd874f5f1b75aa0bc77f720589e1b810f831eac5073e6dd46d00a2793f70f7427f0f798f2f53a67e615e65d356e66fe40609a958a"
    "05edb4c175bcc383ea0530e67ddbe479a898943c6e3074c6fcc252d6014de3a3d292b03f0d88d312fe221be7be7e3c59d07fa0f2f4029e36"
    "4f1f355c5d01fa53770d0cd76d82bf7e60f6903bc1beb772e6fde4a70be51d9c7e03c8d6d8dfb361a234ba47c470fe630820bbd920715621"
    "b9fbedb49fcee165ead0875e6c2b1af16f50b5d6140cc981122fcbcf7c5a4e3772b3661b628e08380abc545957e59f634705b1bbde2f0b4e"
    "055a5ec5676d859be77e20962b645e051a880fddb0180b4555789e1f9344a436a84dc5579e2553f1e5fb0a599c137be36cabbed0319831fe"
    "a3fddf94ddc7971e4bcf02cdc93294a9aab3e3b13e3b058235b4f4ec06ba4ceaa49d675b4ba80716f3bc6976b1fbf9c8bf1f3e3a4dc1cd83"
    "ef9cf816667fb94f1e923ff63fef072e6a19321e4812f96cb0ffa864da50ad74deb76917a336f31dce03ed5f0303aad5e6a83634f9fcc371"
    "096f8288b8f02ddded5ff1bb9d49331e4a84dbe1543164438fde9ad71dab024779dcdde0b6602b5ae0a6265c14b94edd83b37403f4b78fcd"
    "2ed555b596402c28ee81d87a909c4e8722b30c71ecdd861b05f61f8b1231795c76adba2fdefa451b283a5d527955b9f3de1b9828e7b2e741"
    "23dd47062ddcc09b05e7fa13cb2212a6fdbc65d7e852cec463ec6fd929f5b8483cf3052113b13dac91b69f49d1b7d1aec01c4a68e41ce157";
const std::string kLength = "fd4005";
const std::string kTarget = "0007ffff00000000000000000000000000000000000000000000000000000000";
const std::string kNonce1 = "57120000";
const std::string kNonce2(56, '0');
const std::string kTime = "90041358";

ZcashJob job_of_first_block() {
  return {.version = "04000000",
          .previous_hash = std::string(64, '0'),
          .merkle_root = "db4d7a85b768123f1dff1d4c4cece70083b2d27e117b4ac2e31d087988a5eac4",
          .reserved = std::string(64, '0'),
          .time = kTime,
          .bits = "ffff071f"};
}

bool valid(const ZcashJob& job, const std::string& solution, const std::string& target) {
  const auto proof = prove_zcash_share(job, kNonce1, kNonce2, kTime, solution, target);
  return proof && proof->valid;
}

TEST(ZcashShare, ProvesTheFirstBlock) {
  const auto proof = prove_zcash_share(job_of_first_block(), kNonce1, kNonce2, kTime, kLength + kSolution, kTarget);
  ASSERT_TRUE(proof);
  EXPECT_TRUE(proof->valid);
  EXPECT_TRUE(proof->recomputed);
  EXPECT_NEAR(proof->bits, 13.0, 0.001);
}

TEST(ZcashShare, ComparesTheHashWithTheTarget) {
  const std::string hash = "00040fe8ec8471911baa1db1266ea15dd06b4a8a5c453883c000b031973dce08";
  EXPECT_TRUE(valid(job_of_first_block(), kLength + kSolution, hash));
  EXPECT_FALSE(valid(job_of_first_block(), kLength + kSolution, hash.substr(0, 63) + "7"));
}

TEST(ZcashShare, ChecksTheSolutionItself) {
  const std::string any(64, 'f');
  std::string changed = kLength + kSolution;
  changed[2000] = changed[2000] == '0' ? '1' : '0';
  EXPECT_TRUE(valid(job_of_first_block(), kLength + kSolution, any));
  EXPECT_FALSE(valid(job_of_first_block(), changed, any));
  ZcashJob job = job_of_first_block();
  job.reserved[5] = '1';
  EXPECT_FALSE(valid(job, kLength + kSolution, any));
}

TEST(ZcashShare, DividesTheNonceAnywhere) {
  const std::string nonce = kNonce1 + kNonce2;
  for (std::size_t at = 0; at <= nonce.size(); at += 2)
    EXPECT_TRUE(prove_zcash_share(job_of_first_block(), nonce.substr(0, at), nonce.substr(at), kTime,
                                  kLength + kSolution, kTarget)
                    ->valid);
}

TEST(ZcashShare, RefusesMalformedTexts) {
  const std::string good = kLength + kSolution;
  const ZcashJob job = job_of_first_block();
  EXPECT_FALSE(prove_zcash_share(job, kNonce1, kNonce2 + "00", kTime, good, kTarget));
  EXPECT_FALSE(prove_zcash_share(job, "5712000", kNonce2 + "0", kTime, good, kTarget));
  EXPECT_FALSE(prove_zcash_share(job, kNonce1, kNonce2, "9004135", good, kTarget));
  EXPECT_FALSE(prove_zcash_share(job, kNonce1, kNonce2, kTime, kSolution, kTarget));
  EXPECT_FALSE(prove_zcash_share(job, kNonce1, kNonce2, kTime, "fd4105" + std::string(kSolution), kTarget));
  EXPECT_FALSE(prove_zcash_share(job, kNonce1, kNonce2, kTime, "x" + good.substr(1), kTarget));
  for (const std::string& target : {std::string(), std::string(64, '0'), kTarget.substr(1)})
    EXPECT_FALSE(prove_zcash_share(job, kNonce1, kNonce2, kTime, good, target)) << target;
  ZcashJob damaged = job;
  damaged.bits = "ffff07g";
  EXPECT_FALSE(prove_zcash_share(damaged, kNonce1, kNonce2, kTime, good, kTarget));
  EXPECT_FALSE(prove_zcash_share({}, "", "", "", "", ""));
}

}  // namespace
}  // namespace davy::mining

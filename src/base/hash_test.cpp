#include "base/hash.h"

#include <gtest/gtest.h>

namespace davy {
namespace {

TEST(Hash, Sha256VectorsOfFips180) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, Md5VectorsOfRfc1321) {
  EXPECT_EQ(to_hex(md5({})), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(to_hex(md5(as_bytes("message digest"))), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(Hash, PiecesGiveTheSameDigestAndTheObjectStartsAnew) {
  Sha256 digest;
  digest.update(as_bytes("a"));
  digest.update({});
  digest.update(as_bytes("bc"));
  EXPECT_EQ(digest.finish(), sha256(as_bytes("abc")));
  EXPECT_EQ(digest.finish(), sha256({}));
  Md5 old;
  old.update(as_bytes("message "));
  old.update(as_bytes("digest"));
  EXPECT_EQ(old.finish(), md5(as_bytes("message digest")));
}

}  // namespace
}  // namespace davy

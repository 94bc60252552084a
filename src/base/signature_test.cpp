#include "base/signature.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/file.h"
#include "base/test_folder.h"

namespace davy {
namespace {

PrivateKey key_of(std::string_view seed_hex) { return PrivateKey::from_seed(from_hex(seed_hex).value()).value(); }

TEST(Signature, VectorsOfRfc8032) {
  const PrivateKey first = key_of("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  EXPECT_EQ(first.public_key().hex(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(
      to_hex(first.sign({}).value()),
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
      "24655141438e7a100b");
  const PrivateKey second = key_of("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  EXPECT_EQ(second.public_key().hex(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_TRUE(verify(second.public_key(), Bytes{0x72}, second.sign(Bytes{0x72}).value()));
}

TEST(Signature, AnyChangedBitIsRefused) {
  const PrivateKey key = PrivateKey::generate().value();
  const Bytes message(as_bytes("intel pack").begin(), as_bytes("intel pack").end());
  const Signature mark = key.sign(message).value();
  ASSERT_TRUE(verify(key.public_key(), message, mark));
  for (std::size_t i = 0; i < mark.size(); ++i) {
    Signature changed = mark;
    changed[i] ^= 1;
    EXPECT_FALSE(verify(key.public_key(), message, changed)) << i;
  }
  Bytes other = message;
  other[0] ^= 1;
  EXPECT_FALSE(verify(key.public_key(), other, mark));
  EXPECT_FALSE(verify(PrivateKey::generate().value().public_key(), message, mark));
  EXPECT_FALSE(verify(key.public_key(), message, ByteView(mark).first(63)));
  EXPECT_FALSE(verify(key.public_key(), message, {}));
}

TEST(Signature, KeyFilesRoundTripAndStayPrivate) {
  const TestFolder folder;
  const std::string path = folder / "key.pem";
  const PrivateKey key = PrivateKey::generate().value();
  ASSERT_TRUE(key.save(path).has_value());
  struct stat info = {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(PrivateKey::load(path).value().public_key(), key.public_key());
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  EXPECT_EQ(PrivateKey::load(path).error().code, ErrorCode::untrusted);
}

TEST(Signature, RefusesWhatIsNoKey) {
  const TestFolder folder;
  EXPECT_EQ(PrivateKey::from_seed(Bytes(31)).error().code, ErrorCode::malformed);
  EXPECT_EQ(PrivateKey::load(folder / "none").error().code, ErrorCode::not_found);
  ASSERT_TRUE(write_file_durably(folder / "junk", as_bytes("-----BEGIN PRIVATE KEY-----\n"), 0600).has_value());
  EXPECT_EQ(PrivateKey::load(folder / "junk").error().code, ErrorCode::malformed);
  EXPECT_EQ(PublicKey::from_hex("00").error().code, ErrorCode::malformed);
  EXPECT_EQ(PublicKey::from_hex(std::string(64, 'g')).error().code, ErrorCode::malformed);
}

TEST(Signature, AMovedKeyStillSigns) {
  PrivateKey key = PrivateKey::generate().value();
  const PublicKey open = key.public_key();
  PrivateKey moved(std::move(key));
  EXPECT_TRUE(verify(open, as_bytes("x"), moved.sign(as_bytes("x")).value()));
}

TEST(Signature, ConstantTimeComparisonAndWiping) {
  EXPECT_TRUE(equal_constant_time({}, {}));
  EXPECT_TRUE(equal_constant_time(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("ab")));
  Bytes secret(40, 0xaa);
  wipe(secret);
  EXPECT_TRUE(std::ranges::all_of(secret, [](std::uint8_t byte) { return byte == 0; }));
}

}  // namespace
}  // namespace davy

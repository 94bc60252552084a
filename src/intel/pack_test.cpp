#include "intel/pack.h"

#include <gtest/gtest.h>

#include "intel/test_packs.h"

namespace davy::intel {
namespace {

PackHeader header() { return {.version = "2026.11.1", .created = kTestNow, .serial = 7}; }

ErrorCode refusal(const Result<Pack>& pack) {
  EXPECT_FALSE(pack.has_value());
  return pack ? ErrorCode::io : pack.error().code;
}

TEST(Pack, ComesBackAsItWasWritten) {
  const TestSigner signer;
  const PackParts parts = {{"pools", R"({"entries":[]})"}, {"ports", "{}"}};
  const Bytes bytes = write_pack(header(), parts, signer.key, signer.certificate).value();
  const Pack pack = read_pack(bytes, signer.trust, kTestNow).value();
  EXPECT_EQ(pack.header.version, "2026.11.1");
  EXPECT_EQ(pack.header.serial, 7U);
  EXPECT_EQ(pack.header.created, kTestNow);
  EXPECT_EQ(pack.parts, parts);
  EXPECT_EQ(pack.trust, "development");
  EXPECT_EQ(pack.digest.size(), 64U);
}

TEST(Pack, AnyChangedByteIsRefused) {
  const TestSigner signer;
  const Bytes bytes = write_pack(header(), {{"ports", "{}"}}, signer.key, signer.certificate).value();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes changed = bytes;
    changed[i] ^= 1;
    EXPECT_FALSE(read_pack(changed, signer.trust, kTestNow).has_value()) << i;
  }
}

TEST(Pack, CutOffOrContinuedIsRefused) {
  const TestSigner signer;
  Bytes bytes = write_pack(header(), {{"ports", "{}"}}, signer.key, signer.certificate).value();
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(read_pack(ByteView(bytes).first(length), signer.trust, kTestNow).has_value()) << length;
  bytes.push_back(0);
  EXPECT_EQ(refusal(read_pack(bytes, signer.trust, kTestNow)), ErrorCode::untrusted);
}

TEST(Pack, UnknownRootIsRefusedButCanBeToldFromDamage) {
  const TestSigner signer;
  const TestSigner stranger;
  Bytes bytes = write_pack(header(), {}, stranger.key, stranger.certificate).value();
  EXPECT_EQ(refusal(read_pack(bytes, signer.trust, kTestNow)), ErrorCode::untrusted);
  EXPECT_TRUE(check_signatures(bytes).has_value());
  bytes.back() ^= 1;
  EXPECT_FALSE(check_signatures(bytes).has_value());
}

TEST(Pack, TheHolderOfASigningKeyCannotCertifyAnother) {
  const TestSigner signer;
  const TestSigner thief;
  Certificate forged = thief.certificate;
  forged.root = signer.certificate.root;
  const Bytes bytes = write_pack(header(), {}, thief.key, forged).value();
  EXPECT_EQ(refusal(read_pack(bytes, signer.trust, kTestNow)), ErrorCode::untrusted);
  EXPECT_FALSE(check_signatures(bytes).has_value());
}

TEST(Pack, ExpiryCountsAtTheTimeThatIsPassedIn) {
  const TestSigner signer;
  const Bytes bytes = write_pack(header(), {}, signer.key, signer.certificate).value();
  const Timestamp expires = signer.certificate.expires;
  EXPECT_TRUE(read_pack(bytes, signer.trust, expires + std::chrono::seconds(-1)).has_value());
  EXPECT_EQ(refusal(read_pack(bytes, signer.trust, expires)), ErrorCode::untrusted);
}

TEST(Pack, AWellSignedDamagedPartIsRefused) {
  const TestSigner signer;
  const auto refused = [&](std::string_view head, std::string_view body) {
    return refusal(
        read_pack(seal(head, as_bytes(body), signer.key, signer.certificate).value(), signer.trust, kTestNow));
  };
  const std::string start = R"({"version":"1","created":"2026-01-01T00:00:00Z","serial":1,"kind":"base","parts":)";
  const std::string digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";  // of "{}"
  const std::string part = R"({"name":"ports","bytes":2,"sha256":")" + digest + "\"}";
  ASSERT_TRUE(read_pack(seal(start + "[" + part + "]}", as_bytes("{}"), signer.key, signer.certificate).value(),
                        signer.trust, kTestNow)
                  .has_value());
  EXPECT_EQ(refused(start + "[" + part + "]}", "[]"), ErrorCode::malformed);
  EXPECT_EQ(refused(start + "[" + part + "]}", "{"), ErrorCode::malformed);
  EXPECT_EQ(refused(start + "[" + part + "]}", "{} "), ErrorCode::malformed);
  EXPECT_EQ(refused(start + "[" + part + "," + part + "]}", "{}{}"), ErrorCode::malformed);
  EXPECT_EQ(refused("{", ""), ErrorCode::malformed);
  EXPECT_EQ(refused("{}", ""), ErrorCode::malformed);
}

TEST(Pack, HeadersThatMakeNoSenseAreNotWritten) {
  const TestSigner signer;
  const auto refused = [&](const PackHeader& head, const PackParts& parts) {
    return !write_pack(head, parts, signer.key, signer.certificate).has_value();
  };
  EXPECT_TRUE(refused({.version = "a b"}, {}));
  EXPECT_TRUE(refused({.version = ""}, {}));
  EXPECT_TRUE(refused({.version = "1", .author = "somebody"}, {}));
  EXPECT_TRUE(refused({.version = "1", .kind = PackKind::extra}, {}));
  EXPECT_TRUE(refused({.version = "1"}, {{"../x", "{}"}}));
  PackParts many;
  for (std::size_t i = 0; i <= kPartsMax; ++i) many["p" + std::to_string(i)] = "{}";
  EXPECT_TRUE(refused({.version = "1"}, many));
}

TEST(Pack, LimitsHoldBeforeAnythingElse) {
  const TestSigner signer;
  EXPECT_EQ(refusal(read_pack(Bytes(kPackBytesMax + 1), signer.trust, kTestNow)), ErrorCode::limit_exceeded);
  Bytes bytes = write_pack(header(), {}, signer.key, signer.certificate).value();
  bytes[14] = 0xff;
  EXPECT_EQ(refusal(read_pack(bytes, signer.trust, kTestNow)), ErrorCode::limit_exceeded);
  EXPECT_FALSE(seal(std::string(kHeaderBytesMax + 1, ' '), {}, signer.key, signer.certificate).has_value());
}

TEST(Trust, CertificatesComeBackAndForgeriesAreSeen) {
  const TestSigner signer;
  const Certificate again = Certificate::decode(signer.certificate.encode()).value();
  EXPECT_EQ(again, signer.certificate);
  EXPECT_TRUE(is_genuine(again));
  Certificate later = again;
  later.expires = later.expires + std::chrono::hours(1);
  EXPECT_FALSE(is_genuine(later));
  EXPECT_FALSE(Certificate::decode(Bytes(kCertificateBytes - 1)).has_value());
  EXPECT_FALSE(Certificate::decode(Bytes(kCertificateBytes, 0xff)).has_value());
}

TEST(Trust, ThisBuildKnowsItsOwnRoots) {
  const auto trust = TrustStore::built_in();
  ASSERT_TRUE(trust.has_value()) << describe(trust.error());
  EXPECT_EQ(trust->name_of_root(PublicKey{}), std::nullopt);
}

}  // namespace
}  // namespace davy::intel

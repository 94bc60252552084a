#include "intel/trust.h"

#include <algorithm>

namespace davy::intel {
namespace {

// Both are 64 hexadecimal digits, or empty for none.
constexpr std::string_view kReleaseRoot = DAVY_RELEASE_ROOT_KEY;
constexpr std::string_view kDevelopmentRoot =
#include "intel/development_key.inc"
    ;

// Keeps a signature on a certificate from ever being one on something else.
constexpr std::string_view kPurpose = "davy signing key 1\n";
constexpr std::int64_t kNanosecondsInSecond = 1'000'000'000;
constexpr std::uint64_t kExpirySecondsMax = 7'258'118'400;  // 2200-01-01, the last year that a Timestamp is written in

Bytes signed_part(const Certificate& certificate) {
  Bytes out(certificate.root.bytes.begin(), certificate.root.bytes.end());
  out.insert(out.end(), certificate.key.bytes.begin(), certificate.key.bytes.end());
  append_u64_le(out, static_cast<std::uint64_t>(certificate.expires.nanoseconds / kNanosecondsInSecond));
  return out;
}

Bytes message_of(const Certificate& certificate) {
  const ByteView purpose = as_bytes(kPurpose);
  Bytes out(purpose.begin(), purpose.end());
  const Bytes rest = signed_part(certificate);
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

}  // namespace

Bytes Certificate::encode() const {
  Bytes out = signed_part(*this);
  out.insert(out.end(), by_root.begin(), by_root.end());
  return out;
}

Result<Certificate> Certificate::decode(ByteView bytes) {
  if (bytes.size() != kCertificateBytes) return fail(ErrorCode::malformed, "a certificate has another length");
  Certificate out;
  std::ranges::copy(bytes.first(32), out.root.bytes.begin());
  std::ranges::copy(bytes.subspan(32, 32), out.key.bytes.begin());
  const std::uint64_t seconds = read_u64_le(bytes, 64).value_or(kExpirySecondsMax + 1);
  if (seconds > kExpirySecondsMax) return fail(ErrorCode::malformed, "a certificate expires before 2200");
  out.expires.nanoseconds = static_cast<std::int64_t>(seconds) * kNanosecondsInSecond;
  std::ranges::copy(bytes.last(64), out.by_root.begin());
  return out;
}

Result<Certificate> certify(const PrivateKey& root, const PublicKey& key, Timestamp expires) {
  Certificate out;
  out.root = root.public_key();
  out.key = key;
  out.expires.nanoseconds = expires.nanoseconds / kNanosecondsInSecond * kNanosecondsInSecond;
  out.by_root = TRY(root.sign(message_of(out)));
  return out;
}

bool is_genuine(const Certificate& certificate) {
  return verify(certificate.root, message_of(certificate), certificate.by_root);
}

Result<TrustStore> TrustStore::built_in() {
  TrustStore out;
  if (!kReleaseRoot.empty()) out.add_root(TRY(PublicKey::from_hex(kReleaseRoot)), "release");
  if (!kDevelopmentRoot.empty()) out.add_root(TRY(PublicKey::from_hex(kDevelopmentRoot)), "development");
  return out;
}

void TrustStore::add_root(const PublicKey& root, std::string name) { roots_.push_back({root, std::move(name)}); }

std::optional<std::string> TrustStore::name_of_root(const PublicKey& root) const {
  const auto at = std::ranges::find(roots_, root, &Root::key);
  return at == roots_.end() ? std::nullopt : std::optional(at->name);
}

Result<std::string> TrustStore::judge(const Certificate& certificate, Timestamp now) const {
  const auto name = name_of_root(certificate.root);
  if (!name)
    return fail(ErrorCode::untrusted, "signed under a root key that this build does not know", certificate.root.hex());
  if (!is_genuine(certificate))
    return fail(ErrorCode::untrusted, "the root key did not sign this signing key", certificate.key.hex());
  if (now >= certificate.expires)
    return fail(ErrorCode::untrusted, "the signing key expired at " + to_rfc3339(certificate.expires),
                certificate.key.hex());
  return *name;
}

}  // namespace davy::intel

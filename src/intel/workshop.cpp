#include "intel/workshop.h"

#include <filesystem>

#include "base/file.h"
#include "intel/builder.h"

namespace davy::intel {
namespace {

constexpr std::size_t kCertificateFileBytesMax = 1024;
constexpr std::int64_t kNanosecondsInSecond = 1'000'000'000;

Timestamp after_days(Timestamp now, int days) { return now + std::chrono::hours(24) * days; }

Result<Certificate> certificate_of(const PrivateKey& key, const PackOrder& order) {
  const std::string path = order.key_file + kCertificateSuffix;
  const auto text = read_file(path, kCertificateFileBytesMax);
  if (!text && text.error().code == ErrorCode::not_found)
    return certify(key, key.public_key(), after_days(order.now, kKeyDaysDefault));
  if (!text) return tl::unexpected<Error>(text.error());
  std::string_view hex = as_text(*text);
  if (hex.ends_with('\n')) hex.remove_suffix(1);
  return about(path, Certificate::decode(TRY(about(path, from_hex(hex)))));
}

Status refuse_overwriting(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) return {};
  return fail(ErrorCode::invalid_argument, "a key is never overwritten, and this file exists", path);
}

// An extra pack is tried on top of nothing.
Result<Counts> try_contents(ByteView bytes, const Pack& pack, const TrustStore& trust, Timestamp now) {
  if (pack.header.kind == PackKind::base) return TRY(Knowledge::load(bytes, trust, now)).counts();
  Knowledge known = TRY(Knowledge::from_parts({}, "0"));
  TRY(known.add_extra(bytes, trust, now));
  return known.counts();
}

}  // namespace

Result<Bytes> make_pack(const PackOrder& order) {
  const PrivateKey key = TRY(PrivateKey::load(order.key_file));
  const Certificate certificate = TRY(certificate_of(key, order));
  PackHeader header{.version = order.version, .created = order.now};
  header.serial = order.serial.value_or(static_cast<std::uint64_t>(order.now.nanoseconds / kNanosecondsInSecond));
  if (!order.extra) return write_pack(header, TRY(build_parts(order.data)), key, certificate);
  const ExtraParts extra = TRY(build_extra(order.data));
  header.kind = PackKind::extra;
  header.author = extra.author;
  return write_pack(header, extra.parts, key, certificate);
}

Result<PublicKey> make_signing_key(const KeyOrder& order) {
  TRY(refuse_overwriting(order.out));
  const PrivateKey key = TRY(PrivateKey::generate());
  if (order.root_file) {
    const std::string path = order.out + kCertificateSuffix;
    TRY(refuse_overwriting(path));
    const PrivateKey root = TRY(PrivateKey::load(*order.root_file));
    const Certificate certificate = TRY(certify(root, key.public_key(), after_days(order.now, order.days)));
    TRY(write_file_durably(path, as_bytes(to_hex(certificate.encode()) + "\n"), 0644));
  }
  TRY(key.save(order.out));
  return key.public_key();
}

Result<Inspection> inspect(ByteView bytes, const TrustStore& trust, Timestamp now) {
  const Pack pack = TRY(read_pack(bytes, trust, now));
  const Counts counts = TRY(try_contents(bytes, pack, trust, now));
  return Inspection{pack.header, pack.trust, pack.digest, pack.certificate.expires, counts};
}

Result<Soundness> verify_pack(ByteView bytes, const TrustStore& trust, Timestamp now) {
  const Certificate certificate = TRY(check_signatures(bytes));
  if (!trust.name_of_root(certificate.root)) return Soundness::signer_unknown;
  TRY(inspect(bytes, trust, now));
  return Soundness::intact;
}

}  // namespace davy::intel

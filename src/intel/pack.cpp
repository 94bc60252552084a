#include "intel/pack.h"

#include <algorithm>

#include "base/hash.h"
#include "base/json.h"

namespace davy::intel {
namespace {

constexpr std::string_view kMagic = "DAVYPACK";
constexpr std::size_t kFormatAt = 8;
constexpr std::size_t kHeaderLengthAt = 12;
constexpr std::size_t kCertificateAt = 16;
constexpr std::size_t kHeaderAt = kCertificateAt + kCertificateBytes;
constexpr std::size_t kSignatureBytes = Signature{}.size();

struct Frame {
  Certificate certificate;
  ByteView header;
  ByteView body;
  ByteView signed_bytes;
  ByteView signature;
};

tl::unexpected<Error> bad(std::string why, std::string where = {}) {
  return fail(ErrorCode::malformed, "intel pack: " + std::move(why), std::move(where));
}

tl::unexpected<Error> too_large(std::string what) {
  return fail(ErrorCode::limit_exceeded, "intel pack: " + std::move(what));
}

Result<Frame> open_frame(ByteView bytes) {
  if (bytes.size() > kPackBytesMax) return too_large("longer than allowed");
  if (!as_text(bytes).starts_with(kMagic)) return bad("this file is none");
  if (bytes.size() < kHeaderAt + kSignatureBytes) return bad("cut off");
  const std::uint32_t format = *read_u32_le(bytes, kFormatAt);
  if (format != kPackFormat) return bad("format " + std::to_string(format) + " is not known to this version");
  const std::size_t header_bytes = *read_u32_le(bytes, kHeaderLengthAt);
  if (header_bytes > kHeaderBytesMax) return too_large("the header is longer than allowed");
  if (header_bytes > bytes.size() - kHeaderAt - kSignatureBytes) return bad("cut off");
  Frame out;
  out.certificate = TRY(Certificate::decode(bytes.subspan(kCertificateAt, kCertificateBytes)));
  out.header = bytes.subspan(kHeaderAt, header_bytes);
  out.signature = bytes.last(kSignatureBytes);
  out.signed_bytes = bytes.first(bytes.size() - kSignatureBytes);
  out.body = out.signed_bytes.subspan(kHeaderAt + header_bytes);
  return out;
}

Status check_signature(const Frame& frame) {
  if (verify(frame.certificate.key, frame.signed_bytes, frame.signature)) return {};
  return fail(ErrorCode::untrusted, "intel pack: the signature does not fit, the file is damaged or forged");
}

bool is_plain(std::string_view text, std::size_t bytes_max, std::string_view others) {
  return !text.empty() && text.size() <= bytes_max && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  });
}

Status check_header(const PackHeader& header) {
  if (!is_plain(header.version, kVersionBytesMax, ".-")) return bad("not a version", printable(header.version));
  if (header.author.size() > kAuthorBytesMax) return too_large("the author's name is too long");
  if ((header.kind == PackKind::extra) == header.author.empty())
    return bad("an extra pack, and only that, names its author");
  return {};
}

Result<PackHeader> read_header(const Json& json) {
  PackHeader out;
  out.version = json["version"].string_or("");
  out.created = TRY(parse_rfc3339(json["created"].string_or("")));
  if (!json["serial"].is_number()) return bad("no serial");
  out.serial = json["serial"].uint_or(0);
  const std::string_view kind = json["kind"].string_or("");
  if (kind != "base" && kind != "extra") return bad("neither a base pack nor an extra one");
  out.kind = kind == "extra" ? PackKind::extra : PackKind::base;
  out.author = json["author"].string_or("");
  TRY(check_header(out));
  return out;
}

// Cuts one part from the front of `body` and checks it against its line in the header.
Status take_part(const Json& line, ByteView& body, PackParts& parts) {
  const std::string name(line["name"].string_or(""));
  if (!is_plain(name, kPartNameBytesMax, "_")) return bad("not a name of a part", printable(name));
  const std::uint64_t size = line["bytes"].uint_or(UINT64_MAX);
  if (size > body.size()) return bad("a part is cut off", name);
  const ByteView content = body.first(static_cast<std::size_t>(size));
  if (to_hex(sha256(content)) != line["sha256"].string_or("")) return bad("the digest of a part does not fit", name);
  body = body.subspan(content.size());
  if (!parts.emplace(name, as_text(content)).second) return bad("a part stands twice", name);
  return {};
}

Result<PackParts> read_parts(const Json& lines, ByteView body) {
  if (lines.items().size() > kPartsMax) return too_large("too many parts");
  PackParts out;
  for (const Json& line : lines.items()) TRY(take_part(line, body, out));
  if (!body.empty()) return bad("bytes that belong to no part");
  return out;
}

Json header_json(const PackHeader& header, const PackParts& parts) {
  Json lines = Json::array();
  for (const auto& [name, content] : parts) {
    Json line = Json::object();
    line.set("name", name).set("bytes", std::uint64_t{content.size()}).set("sha256", to_hex(sha256(as_bytes(content))));
    lines.push(std::move(line));
  }
  Json out = Json::object();
  out.set("version", header.version).set("created", to_rfc3339(header.created)).set("serial", header.serial);
  out.set("kind", header.kind == PackKind::extra ? "extra" : "base");
  if (!header.author.empty()) out.set("author", header.author);
  out.set("parts", std::move(lines));
  return out;
}

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

}  // namespace

Result<Bytes> seal(std::string_view header, ByteView body, const PrivateKey& key, const Certificate& certificate) {
  if (header.size() > kHeaderBytesMax) return too_large("the header is longer than allowed");
  if (body.size() > kPackBytesMax - kHeaderAt - kHeaderBytesMax - kSignatureBytes)
    return too_large("longer than allowed");
  Bytes out;
  append(out, as_bytes(kMagic));
  append_u32_le(out, kPackFormat);
  append_u32_le(out, static_cast<std::uint32_t>(header.size()));
  append(out, certificate.encode());
  append(out, as_bytes(header));
  append(out, body);
  append(out, TRY(key.sign(out)));
  return out;
}

Result<Bytes> write_pack(const PackHeader& header, const PackParts& parts, const PrivateKey& key,
                         const Certificate& certificate) {
  TRY(check_header(header));
  if (parts.size() > kPartsMax) return too_large("too many parts");
  if (!(certificate.key == key.public_key()))
    return fail(ErrorCode::invalid_argument, "the certificate is for another key");
  Bytes body;
  for (const auto& [name, content] : parts) {
    if (!is_plain(name, kPartNameBytesMax, "_")) return bad("not a name of a part", printable(name));
    append(body, as_bytes(content));
  }
  return seal(header_json(header, parts).dump(), body, key, certificate);
}

Result<Certificate> check_signatures(ByteView bytes) {
  const Frame frame = TRY(open_frame(bytes));
  if (!is_genuine(frame.certificate)) return fail(ErrorCode::untrusted, "intel pack: the certificate is forged");
  TRY(check_signature(frame));
  return frame.certificate;
}

Result<Pack> read_pack(ByteView bytes, const TrustStore& trust, Timestamp now) {
  const Frame frame = TRY(open_frame(bytes));
  Pack out;
  out.trust = TRY(trust.judge(frame.certificate, now));
  TRY(check_signature(frame));
  out.certificate = frame.certificate;
  const Json header = TRY(Json::parse(as_text(frame.header)));
  out.header = TRY(read_header(header));
  out.parts = TRY(read_parts(header["parts"], frame.body));
  out.digest = to_hex(sha256(bytes));
  return out;
}

}  // namespace davy::intel

// The names of a certificate by a walk over its DER, which costs a hundredth of a whole X.509 parser; keys, dates and
// signatures are passed over. Source: RFC 5280 4.1, 4.2.1.6; ITU-T X.690 8.1.
#include <algorithm>
#include <optional>

#include "network/byte_cursor.h"
#include "network/tls/tls_hello.h"
#include "network/unwrap/text.h"

namespace davy::network {
namespace {

constexpr std::uint8_t kSequence = 0x30, kSet = 0x31, kObjectId = 0x06, kOctets = 0x04, kBoolean = 0x01;
constexpr std::uint8_t kVersion = 0xa0, kExtensions = 0xa3, kDnsName = 0x82;
constexpr std::uint8_t kCommonName[] = {0x55, 0x04, 0x03}, kAlternativeNames[] = {0x55, 0x1d, 0x11};
constexpr std::size_t kLengthBytesMax = 4;

struct Value {
  std::uint8_t tag = 0;
  ByteView body;
};

// The next value; nothing when it is cut off or has an indefinite length, which DER does not know.
std::optional<Value> next_value(ByteCursor& cursor) {
  Value out{.tag = cursor.u8()};
  std::size_t length = cursor.u8();
  if (length > 0x7f) {
    const std::size_t width = length & 0x7f;
    if (width == 0 || width > kLengthBytesMax) return std::nullopt;
    length = 0;
    for (const std::uint8_t byte : cursor.take(width)) length = length << 8U | byte;
  }
  out.body = cursor.take(length);
  return cursor.good() ? std::optional(out) : std::nullopt;
}

// The body of the next value, when it is of this kind; an empty one otherwise.
ByteView next_body(ByteCursor& cursor, std::uint8_t tag) {
  const auto value = next_value(cursor);
  return value && value->tag == tag ? value->body : ByteView();
}

void add(std::string name, std::vector<std::string>& out) {
  const bool known = std::ranges::find(out, name) != out.end();
  if (!name.empty() && !known && out.size() < kCertificateNamesMax) out.push_back(std::move(name));
}

// The first common name of a sequence of sets of pairs.
void add_common_name(ByteView subject, std::vector<std::string>& out) {
  for (ByteCursor sets(subject); sets.more();) {
    for (ByteCursor pairs(next_body(sets, kSet)); pairs.more();) {
      ByteCursor pair(next_body(pairs, kSequence));
      const bool wanted = std::ranges::equal(next_body(pair, kObjectId), kCommonName);
      const auto text = next_value(pair);
      if (wanted && text) return add(bounded(as_text(text->body)), out);
    }
  }
}

void add_alternative_names(ByteView octets, std::vector<std::string>& out) {
  ByteCursor outer(octets);
  for (ByteCursor names(next_body(outer, kSequence)); names.more() && out.size() < kCertificateNamesMax;) {
    const auto name = next_value(names);
    if (name && name->tag == kDnsName) add(bounded(as_text(name->body)), out);
  }
}

void read_extensions(ByteView tagged, std::vector<std::string>& out) {
  ByteCursor outer(tagged);
  for (ByteCursor list(next_body(outer, kSequence)); list.more();) {
    ByteCursor extension(next_body(list, kSequence));
    const bool wanted = std::ranges::equal(next_body(extension, kObjectId), kAlternativeNames);
    auto content = next_value(extension);
    if (content && content->tag == kBoolean) content = next_value(extension);  // critical
    if (wanted && content && content->tag == kOctets) return add_alternative_names(content->body, out);
  }
}

}  // namespace

std::vector<std::string> parse_certificate_names(ByteView body) {
  std::vector<std::string> out;
  ByteCursor list(ByteCursor(body).vector(3));
  ByteCursor first(list.vector(3));
  ByteCursor certificate(next_body(first, kSequence));
  ByteCursor signed_part(next_body(certificate, kSequence));
  auto value = next_value(signed_part);
  if (value && value->tag == kVersion) value = next_value(signed_part);                 // now the serial number
  for (int passed = 0; passed < 3 && value; ++passed) value = next_value(signed_part);  // signature, issuer, validity
  if (!value) return out;
  add_common_name(next_body(signed_part, kSequence), out);
  while (signed_part.more())
    if (value = next_value(signed_part); value && value->tag == kExtensions) read_extensions(value->body, out);
  return out;
}

}  // namespace davy::network

// The only place that reads X.509, by OpenSSL.
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "network/byte_cursor.h"
#include "network/tls_hello.h"
#include "network/unwrap/text.h"

namespace davy::network {
namespace {

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string text_of(const ASN1_STRING* string) {
  const auto length = static_cast<std::size_t>(std::max(0, ASN1_STRING_length(string)));
  return bounded(as_text(ByteView(ASN1_STRING_get0_data(string), length)));
}

void add(std::string name, std::vector<std::string>& out) {
  const bool known = std::ranges::find(out, name) != out.end();
  if (!name.empty() && !known && out.size() < kCertificateNamesMax) out.push_back(std::move(name));
}

void add_common_name(const X509& certificate, std::vector<std::string>& out) {
  const X509_NAME* subject = X509_get_subject_name(&certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at >= 0) add(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))), out);
}

void add_alternative_names(const X509& certificate, std::vector<std::string>& out) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = names ? std::min(sk_GENERAL_NAME_num(names.get()), static_cast<int>(kCertificateNamesMax)) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) add(text_of(name->d.dNSName), out);
  }
}

}  // namespace

std::vector<std::string> parse_certificate_names(ByteView body) {
  std::vector<std::string> out;
  ByteCursor list(ByteCursor(body).vector(3));
  const ByteView first = list.vector(3);
  const std::uint8_t* at = first.data();
  if (first.empty()) return out;
  const std::unique_ptr<X509, FreeCertificate> certificate(d2i_X509(nullptr, &at, static_cast<long>(first.size())));
  if (!certificate) return out;
  add_common_name(*certificate, out);
  add_alternative_names(*certificate, out);
  return out;
}

}  // namespace davy::network

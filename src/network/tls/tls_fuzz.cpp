// Any bytes, in any pieces, with gaps, from both sides; the whole input serves as the body of every message, too.
#include "network/tls/tls.h"
#include "network/tls/tls_hello.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace davy::network;
  const davy::ByteView whole(data, size);
  if (const auto hello = parse_client_hello(whole); hello && ja4_of(*hello, 't').size() != 36) __builtin_trap();
  parse_server_hello(whole);
  if (parse_certificate_names(whole).size() > kCertificateNamesMax) __builtin_trap();
  TlsReader reader;
  const auto seen = [](const TlsRecord& record) {
    if (record.bytes <= 5 || record.bytes > (18U << 10) + 5) __builtin_trap();
  };
  while (size > 0) {
    const auto side = static_cast<davy::mining::Side>(data[0] & 1U);
    const std::size_t wanted = (data[0] >> 2U) * std::size_t{4};
    if ((data[0] & 2U) != 0) reader.lost(side, wanted);
    ++data, --size;
    const std::size_t length = std::min(wanted, size);
    reader.feed(side, davy::ByteView(data, length), {}, seen);
    data += length, size -= length;
  }
  return 0;
}

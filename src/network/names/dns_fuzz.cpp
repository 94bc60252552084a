// One message, and the same bytes as a stream cut in two.
#include "network/names/dns.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const davy::ByteView bytes(data, size);
  const auto check = [](const davy::network::DnsMessage& message) {
    if (message.answers.size() > davy::network::kDnsEntriesMax) __builtin_trap();
    for (const auto& record : message.answers)
      if (record.name.empty() || record.name.size() > 4 * 256) __builtin_trap();
  };
  if (const auto message = davy::network::parse_dns(bytes)) check(*message);
  davy::network::DnsStream stream;
  stream.feed(bytes.first(size / 2), check);
  stream.feed(bytes.subspan(size / 2), check);
  return 0;
}

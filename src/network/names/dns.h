// DNS messages (RFC 1035, HTTPS and SVCB of RFC 9460, multicast of RFC 6762): what was asked and what was answered.
//
// Names are in lower case without the last dot, "." for the root; bytes that are no letter, digit, '-', '_' or '*'
// stand as \DDD. A compressed name may point backwards only, so that it always ends. Limits: kDnsEntriesMax questions,
// and records of each section; more are counted in `left_out`. Pure; thread-safe. Errors: malformed.
//
//   const DnsMessage message = TRY(parse_dns(payload));
//   for (const DnsRecord& record : message.answers) if (record.type == dns::kA) note(record.name, record.value);
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace davy::network {

inline constexpr std::size_t kDnsEntriesMax = 64;

namespace dns {
inline constexpr std::uint16_t kA = 1, kNs = 2, kCname = 5, kPtr = 12, kTxt = 16, kAaaa = 28, kSrv = 33, kSvcb = 64,
                               kHttps = 65;
}  // namespace dns

struct DnsQuestion {
  std::string name;
  std::uint16_t type = 0;
};

struct DnsRecord {
  std::string name;
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  std::string value;                   // an address; the name that CNAME, NS, PTR, SRV, HTTPS or SVCB point to
  std::vector<std::string> addresses;  // the hints of HTTPS and SVCB
};

struct DnsMessage {
  std::uint16_t id = 0;
  bool response = false;
  bool truncated = false;
  std::uint8_t code = 0;  // 0 no error, 3 no such name
  std::vector<DnsQuestion> questions;
  std::vector<DnsRecord> answers, additional;
  std::uint32_t left_out = 0;
};

Result<DnsMessage> parse_dns(ByteView message);

// Whether the first bytes of a TCP connection are those of a message with its length, or that length alone.
bool begins_dns_stream(ByteView bytes);

// DNS over TCP: messages with their length in two bytes before them, in any pieces. One side; not thread-safe.
// Memory: one unfinished message, at most 64 KiB.
class DnsStream {
 public:
  using Found = std::function<void(const DnsMessage&)>;

  void feed(ByteView bytes, const Found& found);
  // Bytes are missing: what follows cannot be told apart any more.
  void lost() { broken_ = true, Bytes().swap(held_); }
  std::uint64_t skipped() const { return skipped_; }  // messages that are none

 private:
  Bytes held_;
  bool broken_ = false;
  std::uint64_t skipped_ = 0;
};

}  // namespace davy::network

#include "network/names/dns.h"

#include <algorithm>

#include "network/byte_cursor.h"
#include "network/unwrap/text.h"

namespace davy::network {
namespace {

constexpr std::size_t kNameBytesMax = 255;
constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kEntryBytesMin = 5;                    // a question: root, type, class
constexpr std::uint16_t kInternet = 1, kClassBits = 0x7fff;  // the top bit is multicast's own
constexpr std::uint16_t kHintsIpv4 = 4, kHintsIpv6 = 6;
constexpr std::size_t kHintsMax = 8;
constexpr unsigned kErrorsMax = 4;  // of a stream, before it is taken for something else

void append_byte(std::string& out, std::uint8_t byte) {
  const char c = static_cast<char>(byte);
  if (c >= 'A' && c <= 'Z') out.push_back(static_cast<char>(c | 0x20));
  else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*') out.push_back(c);
  else
    out += {'\\', static_cast<char>('0' + byte / 100), static_cast<char>('0' + byte / 10 % 10),
            static_cast<char>('0' + byte % 10)};
}

// One message, read from the front. After the first failure everything fails.
class Reading {
 public:
  explicit Reading(ByteView message) : message_(message) {}

  bool good() const { return good_; }
  std::size_t at() const { return at_; }
  void jump(std::size_t to) { at_ = to, good_ = good_ && to <= message_.size(); }

  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  ByteView take(std::size_t size) {
    good_ = good_ && size <= message_.size() - at_;
    if (!good_) return {};
    at_ += size;
    return message_.subspan(at_ - size, size);
  }

  // Each pointer leads to before the place where this part of the name began, so that there is an end.
  std::string name() {
    std::string out;
    std::size_t at = at_, part = at_, length = 0;
    bool jumped = false;
    while (good_ && at < message_.size() && message_[at] != 0) {
      const std::size_t label = message_[at];
      if (label >= 0xc0) {
        const auto target = read_u16_be(message_, at).value_or(0xffff) & 0x3fffU;
        if (!jumped) at_ = at + 2;
        jumped = true;
        good_ = at + 2 <= message_.size() && target < part;
        at = part = target;
        continue;
      }
      length += label + 1;
      good_ = label < 0x40 && length <= kNameBytesMax && at + 1 + label <= message_.size();
      if (!good_) break;
      if (!out.empty()) out.push_back('.');
      for (const std::uint8_t byte : message_.subspan(at + 1, label)) append_byte(out, byte);
      at += label + 1;
    }
    good_ = good_ && at < message_.size();
    if (!jumped) at_ = std::min(at + 1, message_.size());
    return out.empty() ? "." : out;
  }

 private:
  std::uint64_t number(std::size_t width) {
    std::uint64_t out = 0;
    for (const std::uint8_t byte : take(width)) out = out << 8U | byte;
    return out;
  }

  ByteView message_;
  std::size_t at_ = 0;
  bool good_ = true;
};

void read_hints(ByteView parameters, DnsRecord& record) {
  ByteCursor cursor(parameters);
  while (cursor.more()) {
    const std::uint16_t key = cursor.u16();
    ByteView value = cursor.vector(2);
    const std::size_t width = key == kHintsIpv4 ? 4 : key == kHintsIpv6 ? 16 : 0;
    for (; width > 0 && value.size() >= width && record.addresses.size() < kHintsMax; value = value.subspan(width))
      record.addresses.push_back(width == 4 ? ipv4_text(value) : ipv6_text(value));
  }
}

void read_value(Reading& reading, std::size_t size, DnsRecord& record) {
  const std::size_t end = reading.at() + size;
  switch (record.type) {
    case dns::kA:
      if (size == 4) record.value = ipv4_text(reading.take(4));
      return;
    case dns::kAaaa:
      if (size == 16) record.value = ipv6_text(reading.take(16));
      return;
    case dns::kCname:
    case dns::kNs:
    case dns::kPtr: record.value = reading.name(); return;
    case dns::kSrv:
      reading.take(6);  // priority, weight, port
      record.value = reading.name();
      return;
    case dns::kSvcb:
    case dns::kHttps:
      reading.u16();  // priority
      record.value = reading.name();
      if (reading.good() && reading.at() <= end) read_hints(reading.take(end - reading.at()), record);
      return;
    default: return;
  }
}

DnsRecord read_record(Reading& reading, std::uint16_t& record_class) {
  DnsRecord record;
  record.name = reading.name();
  record.type = reading.u16();
  record_class = reading.u16() & kClassBits;
  record.ttl = reading.u32();
  const std::size_t size = reading.u16();
  const std::size_t end = reading.at() + size;
  if (reading.good() && record_class == kInternet) read_value(reading, size, record);
  reading.jump(end);
  return record;
}

void read_records(Reading& reading, std::uint16_t count, std::vector<DnsRecord>* out, std::uint32_t& left_out) {
  for (std::uint16_t i = 0; i < count && reading.good(); ++i) {
    std::uint16_t record_class = 0;
    DnsRecord record = read_record(reading, record_class);
    if (!reading.good() || out == nullptr || record_class != kInternet) continue;
    if (out->size() < kDnsEntriesMax) out->push_back(std::move(record));
    else ++left_out;
  }
}

}  // namespace

Result<DnsMessage> parse_dns(ByteView bytes) {
  Reading reading(bytes);
  DnsMessage message;
  message.id = reading.u16();
  const std::uint16_t flags = reading.u16();
  message.response = (flags & 0x8000U) != 0, message.truncated = (flags & 0x0200U) != 0;
  message.code = flags & 0x0fU;
  const std::uint16_t questions = reading.u16(), answers = reading.u16(), authorities = reading.u16();
  const std::uint16_t additional = reading.u16();
  const bool reserved = (flags & 0x0040U) != 0 || ((flags >> 11U) & 0x0fU) > 6;
  const std::size_t entries = std::size_t{questions} + answers + authorities + additional;
  if (!reading.good() || reserved || entries * kEntryBytesMin > bytes.size())
    return fail(ErrorCode::malformed, "not a DNS message");
  for (std::uint16_t i = 0; i < questions && reading.good(); ++i) {
    DnsQuestion question;
    question.name = reading.name();
    question.type = reading.u16();
    reading.u16();  // class
    if (message.questions.size() < kDnsEntriesMax) message.questions.push_back(std::move(question));
    else ++message.left_out;
  }
  if (!reading.good()) return fail(ErrorCode::malformed, "a question of a DNS message is damaged");
  read_records(reading, answers, &message.answers, message.left_out);
  read_records(reading, authorities, nullptr, message.left_out);
  read_records(reading, additional, &message.additional, message.left_out);
  if (!reading.good() && !message.truncated) return fail(ErrorCode::malformed, "a record of a DNS message is damaged");
  return message;
}

bool begins_dns_stream(ByteView bytes) {
  const auto size = read_u16_be(bytes, 0);
  if (!size || *size < kHeaderBytes) return false;
  if (bytes.size() == 2) return true;
  const auto flags = read_u16_be(bytes, 4), questions = read_u16_be(bytes, 6);
  return flags && questions && (*flags & 0x7840U) == 0 && *questions == 1;
}

void DnsStream::feed(ByteView bytes, const Found& found) {
  if (broken_) return;
  held_.insert(held_.end(), bytes.begin(), bytes.end());
  ByteView rest(held_);
  while (const auto size = read_u16_be(rest, 0)) {
    if (rest.size() - 2 < *size) break;
    const auto message = parse_dns(rest.subspan(2, *size));
    if (message) found(*message);
    else broken_ = ++skipped_ >= kErrorsMax;
    rest = rest.subspan(std::size_t{2} + *size);
    if (broken_) break;
  }
  if (broken_) return lost();
  held_.erase(held_.begin(), held_.end() - static_cast<std::ptrdiff_t>(rest.size()));
}

}  // namespace davy::network

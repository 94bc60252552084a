#include "network/names/dns.h"

#include <gtest/gtest.h>

namespace davy::network {
namespace {

// Header, then "pool.example" as the question at offset 12.
Bytes message(std::uint16_t flags, std::uint8_t answers, std::string_view rest, std::uint8_t additional = 0) {
  std::string out = {0x12, 0x34, static_cast<char>(flags >> 8U), static_cast<char>(flags), 0, 1, 0};
  out += {static_cast<char>(answers), 0, 0, 0, static_cast<char>(additional)};
  out.append(
         "\x04Pool\x07"
         "example\x00\x00\x01\x00\x01",
         18)
      .append(rest);
  return {out.begin(), out.end()};
}

constexpr std::string_view kAnswers(
    "\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x04\x01"
    "a\xc0\x11"                                                         // CNAME a.example
    "\xc0\x2a\x00\x01\x80\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x07"  // A
    "\xc0\x2a\x00\x1c\x00\x01\x00\x00\x00\x3c\x00\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
    "\xc0\x0c\x00\x41\x00\x01\x00\x00\x00\x3c\x00\x12\x00\x01\x00\x00\x04\x00\x04\x0a\x00\x00\x08\x00\x01\x00\x03\x02h"
    "2",
    90);

TEST(Dns, QuestionAndAnswers) {
  const auto parsed = parse_dns(message(0x8180, 4, kAnswers));
  ASSERT_TRUE(parsed) << describe(parsed.error());
  EXPECT_TRUE(parsed->response);
  ASSERT_EQ(parsed->questions.size(), 1U);
  EXPECT_EQ(parsed->questions[0].name, "pool.example");
  ASSERT_EQ(parsed->answers.size(), 4U);
  EXPECT_EQ(parsed->answers[0].value, "a.example");
  EXPECT_EQ(parsed->answers[1].name, "a.example");
  EXPECT_EQ(parsed->answers[1].value, "10.0.0.7");
  EXPECT_EQ(parsed->answers[2].value, "2001:db8::1");
  EXPECT_EQ(parsed->answers[3].value, ".");
  EXPECT_EQ(parsed->answers[3].addresses, std::vector<std::string>{"10.0.0.8"});
}

TEST(Dns, EveryCutIsRefused) {
  const Bytes whole = message(0x8180, 4, kAnswers);
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse_dns(ByteView(whole).first(size))) << size;
}

TEST(Dns, PointersThatGoInCirclesOrForwards) {
  EXPECT_FALSE(parse_dns(message(0x8180, 1, std::string_view("\xc0\x1e\x00\x01\x00\x01\0\0\0\0\0\0", 12))));  // itself
  EXPECT_FALSE(parse_dns(message(0x8180, 1, std::string_view("\xc0\x22\x00\x01\xc0\x1e\0\0\0\0\0\0", 12))));
  EXPECT_FALSE(parse_dns(message(0x8180, 1, std::string_view("\x01z\xc0\x1e\x00\x01\x00\x01\0\0\0\0\0\0", 14))));
}

TEST(Dns, LongNamesAndStrangeBytes) {
  std::string name;
  for (int i = 0; i < 5; ++i) name += '\x3f' + std::string(63, 'x');
  EXPECT_FALSE(parse_dns(message(0x8180, 1, name + std::string_view("\0\0\1\0\1\0\0\0\0\0\0", 11).data())));
  const auto parsed = parse_dns(message(0x8180, 1,
                                        std::string_view("\x03"
                                                         "a.\x1b\x00\x00\x10\x00\x01\0\0\0\0\0\0",
                                                         15)));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->answers[0].name, "a\\046\\027");
}

TEST(Dns, MoreThanTheLimit) {
  std::string many;
  for (std::size_t i = 0; i < kDnsEntriesMax + 5; ++i)
    many += std::string_view("\xc0\x0c\x00\x01\x00\x01\0\0\0\0\0\x04\x0a\0\0\1", 16);
  const auto parsed = parse_dns(message(0x8180, kDnsEntriesMax + 5, many));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->answers.size(), kDnsEntriesMax);
  EXPECT_EQ(parsed->left_out, 5U);
}

TEST(Dns, CountsThatCannotFit) {
  Bytes bytes = message(0x0100, 0, "");
  bytes[5] = 0xff, bytes[4] = 0xff;
  EXPECT_FALSE(parse_dns(bytes));
}

TEST(Dns, Multicast) {
  const auto parsed =
      parse_dns(message(0x8400, 0, std::string_view("\xc0\x0c\x00\x0c\x80\x01\0\0\0\x78\0\x02\xc0\x0c", 14), 1));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->additional[0].value, "pool.example");
}

TEST(Dns, StreamByteByByte) {
  const Bytes one = message(0x8180, 4, kAnswers);
  Bytes stream;
  for (int i = 0; i < 3; ++i) {
    stream.push_back(0), stream.push_back(static_cast<std::uint8_t>(one.size()));
    stream.insert(stream.end(), one.begin(), one.end());
  }
  for (const std::size_t step : {std::size_t{1}, std::size_t{50}, stream.size()}) {
    DnsStream reader;
    int found = 0;
    for (std::size_t at = 0; at < stream.size(); at += step)
      reader.feed(ByteView(stream).subspan(at, std::min(step, stream.size() - at)),
                  [&](const DnsMessage&) { ++found; });
    EXPECT_EQ(found, 3);
  }
  DnsStream other;
  const std::string noise(1'000, '\0');
  other.feed(as_bytes(noise), [](const DnsMessage&) { FAIL(); });
  EXPECT_EQ(other.skipped(), 4U);
}

}  // namespace
}  // namespace davy::network

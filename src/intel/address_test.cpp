#include "intel/address.h"

#include <gtest/gtest.h>

namespace davy::intel {
namespace {

TEST(Address, ReadsBothVersions) {
  EXPECT_EQ(parse_address("203.0.113.7"), parse_address("::ffff:203.0.113.7"));
  EXPECT_EQ(parse_address("2001:db8::1"), parse_address("2001:0DB8:0:0:0:0:0:1"));
  EXPECT_EQ(parse_address("::"), Address{});
  EXPECT_TRUE(parse_address("1:2:3:4:5:6:7:8").has_value());
  EXPECT_TRUE(parse_address("1::").has_value());
}

TEST(Address, RefusesWhatIsNoAddress) {
  for (const char* text : {"",
                           ".",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "1.2.3.",
                           "1..2.3",
                           "01234.1.1.1",
                           "a.b.c.d",
                           ":",
                           ":::",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1::2::3",
                           "12345::",
                           "fe80::1%eth0",
                           "1:2:",
                           "1.2.3.4:80",
                           "::1.2.3.4.5",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "1:2:3:4:5:6:7::8"})
    EXPECT_FALSE(parse_address(text).has_value()) << text;
}

TEST(Address, LoopbackPrivateAndReservedAreNotPublic) {
  for (const char* text : {"127.0.0.1", "127.255.0.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
                           "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1",
                           "::", "fe80::1", "fd00::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"})
    EXPECT_FALSE(is_public(*parse_address(text))) << text;
  for (const char* text : {"9.255.255.255", "11.0.0.0", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.63.0.1",
                           "100.128.0.1", "223.255.255.255", "2606:4700::1", "126.0.0.1", "128.0.0.1"})
    EXPECT_TRUE(is_public(*parse_address(text))) << text;
}

TEST(Address, HostsThatMayNotBeEntries) {
  for (const char* host :
       {"", "pool", "localhost", "LOCALHOST.", "a.localhost", "miner.local", "x.internal", "10.0.0.1", "127.0.0.1",
        "::1", "a b.org", "a..org", ".org", "1.2.3", "http://a.org", "*.a.org", "a.org:80"})
    EXPECT_FALSE(check_host(host).has_value()) << host;
  for (const char* host : {"pool.example.org", "a_b.example.org", "8.8.8.8", "2606:4700::1", "notlocalhost.org",
                           "矿池.example", "XN--abc.example"})
    EXPECT_TRUE(check_host(host).has_value()) << host;
}

}  // namespace
}  // namespace davy::intel

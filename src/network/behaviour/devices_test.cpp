#include "network/behaviour/devices.h"

#include <gtest/gtest.h>

#include "network/behaviour/miner_service.h"

namespace davy::network::behaviour {
namespace {

Bytes bytes_of(std::string_view hex) { return *from_hex(hex); }

const Bytes kArpRequest = bytes_of(
    "0001080006040001"
    "020000000001"
    "0a000007"
    "000000000000"
    "0a000001");

TEST(Devices, ArpNamesItsSender) {
  const auto claim = parse_arp(kArpRequest);
  ASSERT_TRUE(claim);
  EXPECT_EQ(to_text(claim->mac), "02:00:00:00:00:01");
  EXPECT_EQ(network::to_text(claim->address), "10.0.0.7");
  for (std::size_t size = 0; size < kArpRequest.size(); ++size)
    EXPECT_FALSE(parse_arp(ByteView(kArpRequest).first(size))) << size;
}

TEST(Devices, AProbeAndAGroupsAddressAreNobodys) {
  Bytes probe = kArpRequest, group = kArpRequest;
  std::fill_n(probe.begin() + 14, 4, std::uint8_t{0});
  group[8] = 1;
  EXPECT_FALSE(parse_arp(probe));
  EXPECT_FALSE(parse_arp(group));
}

TEST(Devices, NeighbourAdvertisementAndSolicitation) {
  const Address source = *parse_address("fe80::7");
  const auto advertised = parse_neighbour(bytes_of("8800000060000000"
                                                   "fd000000000000000000000000000009"
                                                   "0201020000000002"),
                                          source);
  ASSERT_TRUE(advertised);
  EXPECT_EQ(network::to_text(advertised->address), "fd00::9");
  EXPECT_EQ(to_text(advertised->mac), "02:00:00:00:00:02");
  const auto asked = parse_neighbour(bytes_of("8700000000000000"
                                              "fd000000000000000000000000000009"
                                              "0101020000000003"),
                                     source);
  ASSERT_TRUE(asked);
  EXPECT_EQ(network::to_text(asked->address), "fe80::7");
  EXPECT_FALSE(parse_neighbour(bytes_of("8800000060000000"
                                        "fd000000000000000000000000000009"
                                        "0200020000000002"),
                               source));
}

Bytes dhcp(std::uint8_t type, std::string_view options, std::uint8_t last_of_address = 0) {
  Bytes out(236, 0);
  out[0] = 1, out[1] = 1, out[2] = 6;
  out[28] = 2, out[33] = 5;
  if (last_of_address != 0) out[16] = 10, out[19] = last_of_address;
  const std::string tail =
      std::string("\x63\x82\x53\x63\x35\x01", 6) + static_cast<char>(type) + std::string(options) + "\xff";
  out.insert(out.end(), tail.begin(), tail.end());
  return out;
}

TEST(Devices, DhcpGivesNameAndAddress) {
  const auto request = parse_dhcp(dhcp(3, std::string("\x0c\x08") + "antMiner"));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->name, "antMiner");
  EXPECT_FALSE(request->address);
  const auto given = parse_dhcp(dhcp(5, "", 9));
  ASSERT_TRUE(given);
  EXPECT_EQ(network::to_text(*given->address), "10.0.0.9");
  EXPECT_TRUE(parse_dhcp(dhcp(3, std::string("\x0c\xff") + "short"))->name.empty());
}

class DeviceWatchTest : public ::testing::Test, protected model::ObservationSink {
 protected:
  void accept(model::Observation observation) override {
    seen_.push_back(std::get<model::DeviceSeen>(observation.value));
  }
  Packet arp(std::int64_t at) const {
    Packet out;
    out.at = {at}, out.ether_type = 0x0806, out.link_payload = kArpRequest, out.vlan = 7;
    return out;
  }
  std::vector<model::DeviceSeen> seen_;
  DeviceWatch watch_{*this};
};

TEST_F(DeviceWatchTest, ADeviceIsToldOnceAnHour) {
  for (int minute = 0; minute < 130; minute += 10) watch_.frame(arp(minute * 60'000'000'000), PacketKind::link);
  ASSERT_EQ(seen_.size(), 3U);
  EXPECT_EQ(seen_[0].vlan, 7);
  EXPECT_EQ(seen_[0].how, "arp");
}

TEST_F(DeviceWatchTest, TheNameOfTheRequestComesWithTheAddressOfTheAnswer) {
  const Bytes request = dhcp(3, std::string("\x0c\x04") + "host"), answer = dhcp(5, "", 9);
  Packet packet;
  packet.payload = request;
  watch_.dhcp(packet);
  EXPECT_TRUE(seen_.empty());
  packet.payload = answer;
  watch_.dhcp(packet);
  ASSERT_EQ(seen_.size(), 1U);
  EXPECT_EQ(seen_[0].name, "host");
  EXPECT_EQ(seen_[0].address, "10.0.0.9");
}

TEST(MinerService, TheAnswerOfTheInterface) {
  const auto product = [](const char* text) { return product_of_answer(*Json::parse(text)); };
  EXPECT_EQ(
      product(
          R"({"STATUS":[{"STATUS":"S","When":1,"Code":11,"Msg":"Summary","Description":"cgminer 4.9"}],"SUMMARY":[{}],"id":1})"),
      "cgminer 4.9");
  EXPECT_FALSE(product(R"({"STATUS":[{"STATUS":"S","When":1,"Code":11,"Msg":"Summary","Description":"x"}],"id":1})"));
  EXPECT_FALSE(product(R"({"STATUS":"ok","SUMMARY":[]})"));
  EXPECT_FALSE(
      product(R"({"STATUS":[{"STATUS":"Success","When":1,"Code":1,"Msg":"m","Description":"d"}],"SUMMARY":[]})"));
}

TEST(MinerService, TheSameAsText) {
  EXPECT_EQ(product_of_text_answer("STATUS=S,When=1,Code=11,Msg=Summary,Description=bmminer 1.0|SUMMARY,Elapsed=5|"),
            "bmminer 1.0");
  EXPECT_FALSE(product_of_text_answer("STATUS=S,When=1,Code=11,Msg=Summary,Description=x"));
  EXPECT_FALSE(product_of_text_answer("STATUS=running|SUMMARY,x=1|"));
  EXPECT_TRUE(is_miner_realm("antMiner Configuration"));
  EXPECT_FALSE(is_miner_realm("Router Configuration"));
}

}  // namespace
}  // namespace davy::network::behaviour

// ARP, neighbour discovery, DHCP and the text interface of miners from hostile bytes.
#include "network/behaviour/devices.h"
#include "network/behaviour/miner_service.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace davy::network;
  const davy::ByteView bytes(data, size);
  behaviour::parse_arp(bytes);
  behaviour::parse_neighbour(bytes, Address{});
  if (const auto message = behaviour::parse_dhcp(bytes))
    if (message->name.size() > 4 * behaviour::kDeviceTextMax || message->vendor.size() > 4 * behaviour::kDeviceTextMax)
      __builtin_trap();
  behaviour::product_of_text_answer(davy::as_text(bytes));
  return 0;
}

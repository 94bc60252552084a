#include "network/names/dns_connection.h"

namespace davy::network {

void DnsConnection::data(mining::Side side, ByteView bytes, bool, Timestamp at) {
  sides_[static_cast<std::size_t>(side)].feed(bytes, [&](const DnsMessage& message) { found_(side, message, at); });
}

void DnsConnection::lost(mining::Side side, std::uint64_t) { sides_[static_cast<std::size_t>(side)].lost(); }

}  // namespace davy::network

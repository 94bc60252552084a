#include "network/unwrap/socks_reader.h"

#include <algorithm>

#include "network/unwrap/text.h"

namespace davy::network {
namespace {

using mining::Side;

constexpr std::size_t kHandshakeBytesMax = 600;  // method, user and password of 255 bytes each, name of 255
constexpr std::uint8_t kConnect = 1;
constexpr std::uint8_t kVersion4Granted = 90, kVersion4Last = 93;
constexpr std::uint8_t kAddress4 = 1, kName = 3, kAddress6 = 4;
constexpr std::uint8_t kGssApi = 1, kNoMethod = 0xff;
constexpr std::uint8_t kReplyLast = 8;

// Length of a SOCKS 5 address with its type before and its port behind it; 0 when it is cut off, 1 when it is none.
std::size_t address_length(ByteView bytes) {
  if (bytes.empty()) return 0;
  if (bytes[0] == kAddress4) return 1 + 4 + 2;
  if (bytes[0] == kAddress6) return 1 + 16 + 2;
  if (bytes[0] != kName) return 1;
  return bytes.size() < 2 ? 0 : std::size_t{1} + 1 + bytes[1] + 2;
}

std::string address_text(ByteView bytes) {
  if (bytes[0] == kName) return bounded(as_text(bytes.subspan(2, bytes[1])));
  if (bytes[0] == kAddress4) return ipv4_text(bytes.subspan(1, 4));
  return ipv6_text(bytes.subspan(1, 16));
}

}  // namespace

SocksReader::SocksReader(Output& out, int version) : out_(out), version_(version) {}

std::size_t SocksReader::fail() {
  failed_ = true;
  return 0;
}

void SocksReader::announce(std::string_view kind, std::string_view host, std::uint16_t port) {
  out_.sink.tunnel({std::string(kind), std::string(host), port});
  open_[index(Side::client)] = true;
}

std::size_t SocksReader::greeting(ByteView bytes) {
  if (bytes[0] != 5) return fail();
  if (bytes.size() < 2 || bytes.size() < std::size_t{2} + bytes[1]) return 0;
  greeted_ = true;
  return std::size_t{2} + bytes[1];
}

std::size_t SocksReader::request(ByteView bytes) {
  if (bytes[0] == 1) {  // user and password
    const std::size_t user_end = bytes.size() < 2 ? 2 : std::size_t{2} + bytes[1];
    const std::size_t end = bytes.size() <= user_end ? user_end + 1 : user_end + 1 + bytes[user_end];
    return bytes.size() < end ? 0 : end;
  }
  if (bytes[0] != 5) return fail();
  if (bytes.size() < 4) return 0;
  const std::size_t length = address_length(bytes.subspan(3));
  if (bytes[1] == 0 || bytes[1] > 3 || bytes[2] != 0 || length == 1) return fail();
  if (length == 0 || bytes.size() < 3 + length) return 0;
  const std::uint16_t port = read_u16_be(bytes, 3 + length - 2).value_or(0);
  if (bytes[1] == kConnect) announce("socks5", address_text(bytes.subspan(3)), port);
  open_[index(Side::client)] = true;
  return 3 + length;
}

std::size_t SocksReader::request4(ByteView bytes) {
  if (bytes[0] != 4 || bytes.size() < 8) return bytes[0] == 4 ? 0 : fail();
  const auto user_end = std::find(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  if (user_end == bytes.end()) return 0;
  const ByteView address = bytes.subspan(4, 4);
  const bool named = address[0] == 0 && address[1] == 0 && address[2] == 0 && address[3] != 0;  // 4a
  const auto name_end = named ? std::find(user_end + 1, bytes.end(), std::uint8_t{0}) : user_end;
  if (name_end == bytes.end()) return 0;
  const std::string host = named ? bounded(as_text(ByteView(user_end + 1, name_end))) : ipv4_text(address);
  if (bytes[1] == kConnect) announce("socks4", host, read_u16_be(bytes, 2).value_or(0));
  open_[index(Side::client)] = true;
  return static_cast<std::size_t>(name_end - bytes.begin()) + 1;
}

std::size_t SocksReader::reply4(ByteView bytes) {
  if (bytes[0] != 0 || (bytes.size() > 1 && (bytes[1] < kVersion4Granted || bytes[1] > kVersion4Last))) return fail();
  if (bytes.size() < 8) return 0;
  open_[index(Side::server)] = true;
  return 8;
}

std::size_t SocksReader::reply(ByteView bytes) {
  if (bytes[0] == 1) return bytes.size() < 2 ? 0 : 2;  // of user and password
  if (bytes[0] != 5) return fail();
  if (bytes.size() < 4) return 0;
  const std::size_t length = address_length(bytes.subspan(3));
  if (bytes[1] > kReplyLast || bytes[2] != 0 || length == 1) return fail();
  if (length == 0 || bytes.size() < 3 + length) return 0;
  open_[index(Side::server)] = true;
  return 3 + length;
}

std::size_t SocksReader::client_step(ByteView bytes) {
  if (version_ == 4) return request4(bytes);
  return greeted_ ? request(bytes) : greeting(bytes);
}

std::size_t SocksReader::server_step(ByteView bytes) {
  if (version_ == 4) return reply4(bytes);
  if (chosen_) return reply(bytes);
  if (bytes[0] != 5) return fail();
  if (bytes.size() < 2) return 0;
  if (bytes[1] == kGssApi || bytes[1] == kNoMethod) return fail();
  chosen_ = true;
  return 2;
}

// Whole messages are taken from what was held and the new bytes together; what is left is held, or is inside.
std::size_t SocksReader::feed(const Piece& piece) {
  Bytes& held = held_[index(piece.side)];
  const std::size_t before = held.size();
  held.insert(held.end(), piece.bytes.begin(),
              piece.bytes.begin() + static_cast<std::ptrdiff_t>(std::min(piece.bytes.size(), kHandshakeBytesMax)));
  std::size_t used = 0;
  while (!failed_ && !open(piece.side) && used < held.size()) {
    const ByteView rest = ByteView(held).subspan(used);
    const std::size_t step = piece.side == Side::client ? client_step(rest) : server_step(rest);
    if (step == 0) break;
    used += step;
  }
  if (open(piece.side)) {
    Bytes().swap(held);
    return used - std::min(used, before);
  }
  held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(used));
  if (held.size() >= kHandshakeBytesMax) fail();
  return piece.bytes.size();
}

void SocksReader::lost(Side side, std::uint64_t) { open_[index(side)] = true; }

}  // namespace davy::network

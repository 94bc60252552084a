#include "network/tls/tls.h"

#include <algorithm>
#include <utility>

#include "network/byte_cursor.h"

namespace davy::network {
namespace {

using mining::Side;

std::size_t index(Side side) { return static_cast<std::size_t>(side); }

constexpr std::uint8_t kChangeCipherSpec = 20, kHandshake = 22, kApplication = 23;
constexpr std::uint8_t kClientHello = 1, kServerHello = 2, kCertificate = 11;
constexpr std::uint32_t kRecordBytesMax = 16'384 + 2'048;  // RFC 5246 6.2.3
constexpr std::size_t kMessageHeaderBytes = 4;
// Header; explicit nonce and tag of AES-GCM; tag of ChaCha20-Poly1305; tag and content type of TLS 1.3.
constexpr std::size_t kHeaderSize = 5, kGcm12 = 5 + 8 + 16, kChaCha12 = 5 + 16, kSealed13 = 5 + 16 + 1;

bool plausible(ByteView header) {
  const auto length = read_u16_be(header, 3);
  if (!length || header[0] < kChangeCipherSpec || header[0] > kApplication || header[1] != 3 || header[2] > 4)
    return false;
  return *length > 0 && *length <= kRecordBytesMax && (header[0] != kChangeCipherSpec || *length == 1);
}

// Whether records follow one on the other from here, as far as these bytes go.
bool chains(ByteView bytes) {
  while (bytes.size() >= kHeaderSize) {
    if (!plausible(bytes)) return false;
    const std::size_t record = kHeaderSize + read_u16_be(bytes, 3).value_or(0);
    if (record >= bytes.size()) return true;
    bytes = bytes.subspan(record);
  }
  return !bytes.empty() && bytes[0] >= kChangeCipherSpec && bytes[0] <= kApplication;
}

// Where records begin again; the end when nowhere. In the middle of a packet only application data is looked for.
std::size_t find_record(ByteView bytes) {
  if (plausible(bytes) && chains(bytes)) return 0;
  for (std::size_t at = 1; at + kHeaderSize <= bytes.size(); ++at)
    if (bytes[at] == kApplication && bytes[at + 1] == 3 && bytes[at + 2] == 3 && chains(bytes.subspan(at))) return at;
  return bytes.size();
}

bool is_chacha(std::uint16_t cipher) { return cipher >= 0xcca8 && cipher <= 0xccae; }

// TLS 1.2 suites in GCM or CCM: RFC 5288, 5289, 6655, 7251, 5487.
bool is_gcm(std::uint16_t cipher) {
  return (cipher >= 0x009c && cipher <= 0x00a9) || (cipher >= 0xc02b && cipher <= 0xc032) ||
         (cipher >= 0xc09c && cipher <= 0xc0af);
}

}  // namespace

std::size_t TlsFacts::record_overhead() const {
  if (version == kTls13) return kSealed13;
  if (is_chacha(cipher)) return kChaCha12;
  return is_gcm(cipher) ? kGcm12 : 0;
}

void TlsReader::feed(Side side, ByteView bytes, Timestamp at, const Seen& seen) {
  Stream& stream = streams_[index(side)];
  if (stream.out_of_step) {
    bytes = bytes.subspan(find_record(bytes));
    stream.out_of_step = bytes.empty();
  }
  while (!bytes.empty()) {
    if (stream.left == 0) {
      read_header(stream, side, bytes, at, seen);
      continue;
    }
    const std::size_t size = std::min<std::size_t>(stream.left, bytes.size());
    if (stream.handshake) take_handshake(stream, side, bytes.first(size));
    stream.left -= static_cast<std::uint32_t>(size);
    bytes = bytes.subspan(size);
  }
}

void TlsReader::read_header(Stream& stream, Side side, ByteView& bytes, Timestamp at, const Seen& seen) {
  const std::size_t taken = std::min(kHeaderBytes - stream.header_bytes, bytes.size());
  std::copy_n(bytes.begin(), taken, stream.header.begin() + static_cast<std::ptrdiff_t>(stream.header_bytes));
  stream.header_bytes += taken;
  if (stream.header_bytes < kHeaderBytes) {
    bytes = bytes.subspan(taken);
    return;
  }
  stream.header_bytes = 0;
  if (plausible(stream.header)) {
    bytes = bytes.subspan(taken);
    return open_record(stream, side, at, seen);
  }
  fall_out(stream);
  bytes = bytes.subspan(find_record(bytes));
  stream.out_of_step = bytes.empty();
}

// In TLS 1.3 the rest of the handshake looks like application data.
bool TlsReader::is_handshake(const Stream& stream, Side side) const {
  if (facts_.version != kTls13 || !facts_.has_client_hello) return false;
  if (side == Side::client) return stream.application == 1;
  return streams_[index(Side::client)].application == 0;
}

void TlsReader::open_record(Stream& stream, Side side, Timestamp at, const Seen& seen) {
  stream.left = read_u16_be(stream.header, 3).value_or(0);
  const std::uint8_t type = stream.header[0];
  stream.handshake = type == kHandshake && !stream.done;
  // A hello that follows a retry still comes in clear.
  if (type == kChangeCipherSpec && facts_.has_server_hello) end_handshake(stream);
  if (type != kApplication) return;
  ++stream.application;
  if (!is_handshake(stream, side))
    seen({.side = side, .bytes = static_cast<std::uint32_t>(kHeaderBytes) + stream.left, .at = at});
}

void TlsReader::end_handshake(Stream& stream) {
  stream.done = true;
  stream.handshake = false;
  Bytes().swap(stream.messages);
}

void TlsReader::fall_out(Stream& stream) {
  ++skipped_;
  stream.out_of_step = true;
  stream.header_bytes = 0, stream.left = 0;
  stream.handshake = false;
  Bytes().swap(stream.messages);
}

void TlsReader::take_handshake(Stream& stream, Side side, ByteView part) {
  stream.messages.insert(stream.messages.end(), part.begin(), part.end());
  std::size_t used = 0;
  while (!stream.done) {
    ByteCursor cursor(ByteView(stream.messages).subspan(used));
    const std::uint8_t type = cursor.u8();
    const ByteView body = cursor.vector(3);
    if (!cursor.good()) break;
    take_message(stream, side, type, body);
    used += kMessageHeaderBytes + body.size();
  }
  if (stream.done) return end_handshake(stream);
  stream.messages.erase(stream.messages.begin(), stream.messages.begin() + static_cast<std::ptrdiff_t>(used));
  if (stream.messages.size() <= kHandshakeBytesMax) return;
  ++skipped_;
  end_handshake(stream);
}

// What a side says after these is of no interest here.
void TlsReader::take_message(Stream& stream, Side side, std::uint8_t type, ByteView body) {
  if (side == Side::client) {
    if (type == kClientHello) take_client_hello(body);
    else stream.done = true;
  } else if (type == kServerHello) {
    const auto hello = parse_server_hello(body);
    if (!hello || hello->retry) return;
    facts_.has_server_hello = true;
    facts_.version = hello->version, facts_.cipher = hello->cipher;
    stream.done = hello->version == kTls13;
  } else if (type == kCertificate) {
    facts_.certificate_names = parse_certificate_names(body);
    stream.done = true;
  }
}

void TlsReader::take_client_hello(ByteView body) {
  auto hello = parse_client_hello(body);
  if (!hello) return;
  facts_.has_client_hello = true;
  facts_.server_name = std::exchange(hello->server_name, {});
  facts_.client_hello = std::move(*hello);
}

void TlsReader::lost(Side side, std::uint64_t bytes) {
  Stream& stream = streams_[index(side)];
  if (bytes >= stream.left || stream.handshake) return fall_out(stream);
  stream.left -= static_cast<std::uint32_t>(bytes);
}

}  // namespace davy::network

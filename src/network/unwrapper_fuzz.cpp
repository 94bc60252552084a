// Any bytes, in any pieces, with gaps, from both sides: what is found keeps its limits.
#include "network/unwrapper.h"

namespace {

class CheckingSink final : public davy::network::UnwrapSink {
 public:
  void message(const davy::mining::Message& message) override {
    if (message.json != nullptr && message.json->members().size() > davy::network::kMessageBytesMax) __builtin_trap();
    if (message.http != nullptr && message.http->target.size() > davy::mining::kFactBytesMax) __builtin_trap();
    if ((message.carrier == davy::mining::Carrier::http) != (message.http != nullptr)) __builtin_trap();
  }
  void bytes(davy::mining::Side, davy::ByteView bytes, std::uint64_t, bool, davy::Timestamp) override {
    if (bytes.empty()) __builtin_trap();
  }
  void tls(davy::mining::Side, davy::ByteView, davy::Timestamp) override {}
  void tunnel(const davy::network::Tunnel& tunnel) override {
    if (tunnel.host.size() > davy::mining::kFactBytesMax) __builtin_trap();
  }
};

}  // namespace

// The input is a series of pieces: a byte with the side (bit 0), whether it is a gap (bit 1) and a length (the rest).
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  CheckingSink sink;
  davy::network::Unwrapper unwrapper(sink);
  while (size > 0) {
    const auto side = static_cast<davy::mining::Side>(data[0] & 1U);
    const bool gap = (data[0] & 2U) != 0;
    const std::size_t wanted = (data[0] >> 2U) * std::size_t{4};
    ++data, --size;
    const std::size_t length = std::min(wanted, size);
    if (gap) {
      unwrapper.lost(side, wanted);
      continue;
    }
    unwrapper.feed(side, davy::ByteView(data, length), {});
    data += length, size -= length;
  }
  return unwrapper.skipped() > (1ULL << 40U);
}

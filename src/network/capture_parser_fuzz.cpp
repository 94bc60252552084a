// Any bytes as a capture file, down to packets and flows, in two blocks.
#include "network/capture_parser.h"
#include "network/flow_table.h"
#include "network/stream.h"

namespace {

using namespace davy;
using namespace davy::network;

class Listener final : public FrameSink, public StreamSink {
 public:
  void frame(const Frame& frame) override {
    Packet packet;
    if (reader_.read(frame, packet) != PacketKind::transport) return;
    mining::Side side{};
    table_.see(packet, side);
    stream_.segment(side, packet, *this);
  }
  void data(mining::Side, ByteView, bool, Timestamp) override {}
  void lost(mining::Side, std::uint64_t) override {}
  void finish() { table_.finish(); }

 private:
  PacketReader reader_;
  Stream stream_;
  FlowTable table_{{.flows_max = 16}, 1, [](Flow&) {}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Listener listener;
  CaptureParser parser(listener);
  const ByteView bytes(data, size);
  if (parser.feed(bytes.subspan(0, size / 2)) && parser.feed(bytes.subspan(size / 2))) (void)parser.finish();
  listener.finish();
  return 0;
}

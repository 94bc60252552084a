// Any bytes as a frame with any tag: the capture's parser gives back one frame of the length that was written.
#include <cstdlib>

#include "network/capture_parser.h"
#include "network/live/frame_record.h"

namespace {

using namespace davy;
using namespace davy::network;

struct Counter final : FrameSink {
  void frame(const Frame& frame) override { ++frames, bytes += frame.bytes.size(); }
  std::size_t frames = 0, bytes = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 8) return 0;
  const ByteView head(data, 8), body(data + 8, size - 8);
  LiveFrame frame{.at = {head[1] * 1'000'000'007LL}, .original_bytes = head[2] * 16U, .bytes = body};
  if ((head[0] & 1) != 0) frame.tag = VlanTag{static_cast<std::uint16_t>(head[3] * 257), head[4]};
  if ((head[0] & 2) != 0) frame.ether_type = 0x0800;
  Bytes window(kCaptureHeaderBytes + kRecordOverheadMax + body.size());
  const std::size_t header = put_capture_header(window);
  const std::size_t record = put_frame_record(frame, std::span(window).subspan(header));
  Counter seen;
  CaptureParser parser(seen);
  if (record < 16 || !parser.feed(ByteView(window).first(header + record)) || !parser.finish()) std::abort();
  if (seen.frames != 1 || seen.bytes != record - 16) std::abort();
  const std::size_t room = head[5] * 256U + head[6];
  if (put_frame_record(frame, std::span(window).first(std::min(room, window.size()))) > room) std::abort();
  return 0;
}

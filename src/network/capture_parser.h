// Capture files from their bytes to frames: pcap (either byte order, micro- and nanoseconds), pcapng, and gzip of
// either.
//
// Bytes come in blocks of any size and cuts, so that whoever reads the file need not parse it. A frame is valid during
// the sink's call. Bounded: kCaptureRecordBytesMax a record, kInterfacesMax. Errors of feed(): malformed (this is no
// capture, or a record contradicts itself; what came before stands), limit_exceeded. Foreign bytes: fuzzed.
// Not thread-safe. Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
//
//   CaptureParser parser(sink);
//   while (more) TRY(parser.feed(block));
//   TRY(parser.finish());
#pragma once

#include <memory>
#include <span>

#include "base/result.h"
#include "network/packet.h"

namespace davy::network {

inline constexpr std::size_t kCaptureRecordBytesMax = 16U << 20;
inline constexpr std::size_t kInterfacesMax = 256;

inline constexpr std::size_t kFramesAtOnce = 16;

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void frame(const Frame& frame) = 0;
  // At most kFramesAtOnce that follow each other, all valid during the call, so that a sink can look ahead.
  virtual void frames(std::span<const Frame> frames) {
    for (const Frame& one : frames) frame(one);
  }
};

class CaptureParser {
 public:
  explicit CaptureParser(FrameSink& sink);
  ~CaptureParser();

  Status feed(ByteView bytes);
  // The file has ended. Error: interrupted when it ended inside a record.
  Status finish();

  std::uint64_t frames() const;

  class Reader;
  class Inflater;

 private:
  Status feed_plain(ByteView bytes);
  Status consume(ByteView& bytes);

  FrameSink& sink_;
  Bytes beginning_;  // until the kind of file is known
  std::unique_ptr<Inflater> inflater_;
  std::unique_ptr<Reader> reader_;
  Bytes carry_;  // the beginning of a record whose end has not come
};

}  // namespace davy::network

// The evidence behind a finding: the frames of chosen flows as a capture of their own, and the messages in them as
// lines of JSON.
//
// A second pass over the same capture: frames are matched by addresses, ports and time. Not thread-safe. Limits:
// kExtractFlowsMax flows, kExtractBytesMax of frames and of messages a flow; what is over is left out and counted.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/wire_observation.h"
#include "network/capture_parser.h"
#include "network/stream.h"
#include "network/unwrapper.h"

namespace davy::network {

inline constexpr std::size_t kExtractFlowsMax = 10'000;
inline constexpr std::size_t kExtractBytesMax = 16U << 20;

struct WantedFlow {
  model::FlowId flow;
  std::int64_t last_ns = 0;
};

class FlowExtractor final : public FrameSink {
 public:
  explicit FlowExtractor(const std::vector<WantedFlow>& wanted);
  ~FlowExtractor() override;

  void frame(const Frame& frame) override;

  // What has come together since the last call, by the place of the flow in `wanted`: bytes of a pcap file (its header
  // first), and lines of JSON {"at","side","carrier","json"} or {...,"hex"}.
  struct Part {
    std::size_t flow = 0;
    Bytes capture;
    std::string messages;
  };
  std::vector<Part> take();

  std::uint64_t left_out() const { return left_out_; }

 private:
  class Track;
  struct Key {
    Address low, high;
    std::uint16_t low_port = 0, high_port = 0;
    std::uint8_t protocol = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  static Key key_of(const Address& a, std::uint16_t a_port, const Address& b, std::uint16_t b_port,
                    std::uint8_t protocol);

  std::vector<std::unique_ptr<Track>> tracks_;
  std::multimap<Key, Track*> by_key_;
  PacketReader reader_;
  std::uint64_t left_out_ = 0;
};

}  // namespace davy::network

#include "network/flow_extractor.h"

#include <algorithm>

namespace davy::network {
namespace {

using mining::Side;

constexpr std::uint32_t kPcapNano = 0xa1b23c4d;

const char* name_of(Side side) { return side == Side::client ? "client" : "server"; }

const char* name_of(mining::Carrier carrier) {
  constexpr const char* kNames[] = {"line", "http", "websocket"};
  return kNames[static_cast<std::size_t>(carrier)];
}

}  // namespace

// One wanted flow.
class FlowExtractor::Track final : private StreamSink, private UnwrapSink {
 public:
  Track(std::size_t place, const WantedFlow& wanted, Address client)
      : place_(place), wanted_(wanted), client_(client), unwrapper_(*this) {}

  bool covers(Timestamp at) const {
    return at.nanoseconds >= wanted_.flow.first_ns && at.nanoseconds <= wanted_.last_ns;
  }

  // False when there is no room for the frame.
  bool add(const Frame& frame, const Packet& packet) {
    if (written_ == 0) begin_capture(frame.link_type);
    if (frame.link_type != link_type_ || written_ + frame.bytes.size() > kExtractBytesMax) return false;
    append_u32_le(capture_, static_cast<std::uint32_t>(frame.at.nanoseconds / 1'000'000'000));
    append_u32_le(capture_, static_cast<std::uint32_t>(frame.at.nanoseconds % 1'000'000'000));
    append_u32_le(capture_, static_cast<std::uint32_t>(frame.bytes.size()));
    append_u32_le(capture_, frame.original_bytes);
    capture_.insert(capture_.end(), frame.bytes.begin(), frame.bytes.end());
    written_ += frame.bytes.size() + 16;
    const bool from_client = packet.source == client_ && packet.source_port == wanted_.flow.client_port;
    if (packet.protocol == kTcp) stream_.segment(from_client ? Side::client : Side::server, packet, *this);
    return true;
  }

  Part take() { return {place_, std::exchange(capture_, {}), std::exchange(messages_, {})}; }

 private:
  void begin_capture(std::uint32_t link_type) {
    link_type_ = link_type;
    append_u32_le(capture_, kPcapNano);
    append_u32_le(capture_, 4U << 16 | 2U);  // version 2.4
    append_u64_le(capture_, 0);
    append_u32_le(capture_, 262'144), append_u32_le(capture_, link_type);
  }

  void data(Side side, ByteView bytes, bool, Timestamp at) override { unwrapper_.feed(side, bytes, at); }
  void lost(Side side, std::uint64_t bytes) override { unwrapper_.lost(side, bytes); }

  void message(const mining::Message& message) override {
    Json line = begin_line(message.side, message.at);
    line.set("carrier", name_of(message.carrier));
    if (message.http != nullptr) line.set("http", message.http->method + " " + message.http->target);
    line.set("json", message.json != nullptr ? *message.json : Json());
    write(line);
  }
  void bytes(Side side, ByteView bytes, std::uint64_t offset, bool, Timestamp at) override {
    Json line = begin_line(side, at);
    line.set("offset", offset).set("hex", to_hex(bytes));
    write(line);
  }
  void tls(Side, ByteView, Timestamp) override {}
  void tunnel(const Tunnel& tunnel) override {
    Json line = Json::object();
    line.set("tunnel", tunnel.kind).set("host", tunnel.host).set("port", std::uint64_t{tunnel.port});
    write(line);
  }

  static Json begin_line(Side side, Timestamp at) {
    Json line = Json::object();
    line.set("at", to_rfc3339(at)).set("side", name_of(side));
    return line;
  }
  void write(const Json& line) {
    const std::string text = line.dump();
    if (message_bytes_ + text.size() > kExtractBytesMax) return;
    message_bytes_ += text.size() + 1;
    messages_ += text + '\n';
  }

  std::size_t place_;
  WantedFlow wanted_;
  Address client_;
  Stream stream_;
  Unwrapper unwrapper_;
  Bytes capture_;
  std::string messages_;
  std::size_t written_ = 0, message_bytes_ = 0;
  std::uint32_t link_type_ = 0;
};

FlowExtractor::Key FlowExtractor::key_of(const Address& a, std::uint16_t a_port, const Address& b, std::uint16_t b_port,
                                         std::uint8_t protocol) {
  if (std::pair(a, a_port) < std::pair(b, b_port)) return {a, b, a_port, b_port, protocol};
  return {b, a, b_port, a_port, protocol};
}

FlowExtractor::FlowExtractor(const std::vector<WantedFlow>& wanted) {
  for (std::size_t i = 0; i < std::min(wanted.size(), kExtractFlowsMax); ++i) {
    const model::FlowId& flow = wanted[i].flow;
    const auto client = parse_address(flow.client), server = parse_address(flow.server);
    if (!client || !server) continue;
    tracks_.push_back(std::make_unique<Track>(i, wanted[i], *client));
    by_key_.emplace(key_of(*client, flow.client_port, *server, flow.server_port, flow.protocol == "tcp" ? kTcp : kUdp),
                    tracks_.back().get());
  }
  left_out_ = wanted.size() - tracks_.size();
}

FlowExtractor::~FlowExtractor() = default;

void FlowExtractor::frame(const Frame& frame) {
  Packet packet;
  if (reader_.read(frame, packet) != PacketKind::transport) return;
  const auto [from, to] = by_key_.equal_range(
      key_of(packet.source, packet.source_port, packet.destination, packet.destination_port, packet.protocol));
  for (auto track = from; track != to; ++track)
    if (track->second->covers(packet.at) && !track->second->add(frame, packet)) ++left_out_;
}

std::vector<FlowExtractor::Part> FlowExtractor::take() {
  std::vector<Part> out;
  for (const auto& track : tracks_) {
    Part part = track->take();
    if (!part.capture.empty() || !part.messages.empty()) out.push_back(std::move(part));
  }
  return out;
}

}  // namespace davy::network

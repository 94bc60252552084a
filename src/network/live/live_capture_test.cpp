#include "network/live/live_capture.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <set>

#include "intel/knowledge.h"
#include "network/capture_parser.h"
#include "network/live/live_traffic.h"

namespace davy::network {
namespace {

// A port of loopback that nobody else has as long as this lives, and datagrams to it.
class Target {
 public:
  Target() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET, address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address_), size);
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address_), &size);
  }
  void send(int count, std::string_view words) const {
    for (int i = 0; i < count; ++i) {  // a socket each, and so a flow each
      const UniqueFd from(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      ::sendto(from.get(), words.data(), words.size(), 0, reinterpret_cast<const sockaddr*>(&address_),
               sizeof address_);
    }
  }
  std::uint16_t port() const { return ntohs(address_.sin_port); }

 private:
  UniqueFd socket_;
  sockaddr_in address_ = {};
};

// Payloads sent to a port, as the parser finds them.
struct Datagrams final : FrameSink {
  explicit Datagrams(const Target& target) : port(target.port()) {}
  void frame(const Frame& frame) override {
    Packet packet;
    if (reader.read(frame, packet) != PacketKind::transport || packet.destination_port != port) return;
    ++count, ports.insert(packet.source_port);
    last = std::string(as_text(packet.payload));
    at = packet.at;
  }
  std::uint16_t port;
  PacketReader reader;
  int count = 0;
  std::set<std::uint16_t> ports;
  std::string last;
  Timestamp at;
};

class LiveCaptureTest : public ::testing::Test {
 protected:
  Target target_;

  std::vector<PacketRing> open(std::size_t count) {
    auto rings = PacketRing::open("lo", {.ring_bytes = 4U << 20}, count);
    if (rings) return std::move(*rings);
    EXPECT_TRUE(rings.error().code == ErrorCode::permission_denied || rings.error().code == ErrorCode::unsupported)
        << describe(rings.error());
    return {};
  }
  void read(PacketRing& ring, Datagrams& into) {
    Bytes window(2U << 20);
    std::size_t used = put_capture_header(window);
    for (int tries = 0; tries < 5; ++tries) {
      pollfd wanted = {ring.descriptor(), POLLIN, 0};
      ::poll(&wanted, 1, 100);
      used += ring.take(std::span(window).subspan(used));
    }
    CaptureParser parser(into);
    EXPECT_TRUE(parser.feed(ByteView(window).first(used)).has_value());
  }
};

TEST_F(LiveCaptureTest, LoopbackGivesEachPacketOnce) {
  auto rings = open(1);
  if (rings.empty()) GTEST_SKIP() << "packet sockets need a privilege";
  target_.send(1, "before");
  ASSERT_TRUE(rings[0].begin().has_value());
  const Timestamp now = SystemClock().now();
  target_.send(10, "hello");
  Datagrams seen(target_);
  read(rings[0], seen);
  EXPECT_EQ(seen.count, 10);
  EXPECT_EQ(seen.last, "hello");
  EXPECT_LT(std::abs((seen.at - now).count()), 10'000'000'000);
  ASSERT_TRUE(rings[0].end().has_value());
  target_.send(1, "after");
  read(rings[0], seen);
  EXPECT_EQ(seen.count, 10);
  EXPECT_GE(rings[0].counts().packets, 10U);
}

TEST_F(LiveCaptureTest, RingsShareTheFlowsAndLoseNone) {
  auto rings = open(2);
  if (rings.empty()) GTEST_SKIP() << "packet sockets need a privilege";
  for (PacketRing& ring : rings) ASSERT_TRUE(ring.begin().has_value());
  target_.send(64, "hello");
  Datagrams first(target_), second(target_);
  read(rings[0], first), read(rings[1], second);
  EXPECT_EQ(first.count + second.count, 64);
  EXPECT_GT(first.count, 0);
  EXPECT_GT(second.count, 0);
}

TEST_F(LiveCaptureTest, AFullRingIsCounted) {
  auto opened = PacketRing::open("lo", {.ring_bytes = 2U << 20}, 1);
  if (!opened) GTEST_SKIP() << describe(opened.error());
  PacketRing& ring = opened->front();
  ASSERT_TRUE(ring.begin().has_value());
  target_.send(200, std::string(32'000, 'x'));
  Datagrams seen(target_);
  read(ring, seen);
  const RingCounts counts = ring.counts();
  EXPECT_GT(counts.dropped, 0U);
  EXPECT_GE(counts.packets - counts.dropped, ring.frames());
}

TEST_F(LiveCaptureTest, SaysWhatIsWrong) {
  for (const std::string name : {"no-such-davy0", "a-name-longer-than-any-interface-has"}) {
    const auto rings = PacketRing::open(name, {}, 1);
    ASSERT_FALSE(rings.has_value());
    EXPECT_EQ(rings.error().code, ErrorCode::not_found);
    EXPECT_EQ(rings.error().context, name);
  }
}

class LiveTrafficTest : public ::testing::Test {
 protected:
  void SetUp() override {
    LiveChoices choices{.interfaces = {"lo"}, .lanes = 2};
    choices.rings.ring_bytes = 16U << 20;
    choices.traffic.flows.flows_max = 1'000;
    auto opened = LiveTraffic::open(knowledge_, choices);
    if (!opened) GTEST_SKIP() << describe(opened.error());
    live_.emplace(std::move(*opened));
  }

  intel::Knowledge knowledge_ = *intel::Knowledge::from_parts({}, "1");
  std::optional<LiveTraffic> live_;
  Target target_;
};

TEST_F(LiveTrafficTest, EndsWithWhatEveryLaneCounted) {
  ASSERT_TRUE(live_->start().has_value());
  target_.send(50, "hello");
  live_->stop();
  std::uint64_t packets = 0, dropped = 0;
  int ends = 0;
  for (int tries = 0; tries < 200 && !live_->ended(); ++tries)
    for (const auto& observation : live_->next(std::chrono::milliseconds(100)))
      if (const auto* end = std::get_if<model::CaptureEnd>(&observation.value))
        ++ends, packets += end->packets, dropped += end->dropped;
  EXPECT_EQ(ends, 2);
  EXPECT_GE(packets, 50U);
  EXPECT_EQ(dropped, 0U);
}

TEST_F(LiveTrafficTest, MayBeDroppedInTheMiddle) {
  ASSERT_TRUE(live_->start().has_value());
  target_.send(50, "hello");
  live_.reset();
}

}  // namespace
}  // namespace davy::network

// monerod's publisher over ZeroMQ (ZMTP 3): who mines alone against a node subscribes to its news of blocks.
//
// Any ZeroMQ program begins with the same greeting, so only Monero's topics count. What a subscriber wants tells who
// it is: new blocks in short form or the miner's data are a miner's wishes; whole transactions are a light wallet's.
// Sources: RFC 23/ZMTP 3.0 and 37/ZMTP 3.1; monerod's list of topics.
#include <array>

#include "mining/frame_reader.h"
#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::size_t kGreetingBytes = 64;
constexpr std::uint8_t kFlagMore = 1, kFlagLong = 2, kFlagCommand = 4;
constexpr std::string_view kSubscribe = "\x09SUBSCRIBE";

struct Topic {
  std::string_view name;
  bool mines;  // only a miner asks for it
  bool work;   // each piece of news is a new job
};
constexpr std::array<Topic, 5> kTopics = {{{"json-minimal-chain_main", true, true},
                                           {"json-full-miner_data", true, true},
                                           {"json-full-chain_main", false, true},
                                           {"json-minimal-txpool_add", false, false},
                                           {"json-full-txpool_add", false, false}}};

const Topic* topic_of(std::string_view name) {
  for (const Topic& topic : kTopics)
    if (topic.name == name) return &topic;
  return nullptr;
}

std::optional<FrameReader::Shape> greeting(ByteView head) {
  if (head[0] != 0xff) return std::nullopt;
  if (head.size() < 12) return FrameReader::Shape{.head = 12};
  const bool version3 = head[9] == 0x7f && head[10] == 3;
  return version3 ? std::optional(FrameReader::Shape{.head = kGreetingBytes}) : std::nullopt;
}

std::optional<FrameReader::Shape> shape_of(ByteView head) {
  const std::uint8_t flags = head[0];
  if (flags == 0xff) return greeting(head);
  if (flags > (kFlagMore | kFlagLong | kFlagCommand)) return std::nullopt;
  const std::size_t length_bytes = (flags & kFlagLong) != 0 ? 8 : 1;
  if (head.size() < 1 + length_bytes) return FrameReader::Shape{.head = 1 + length_bytes};
  std::uint64_t body = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) body = (body << 8U) | head[1 + i];
  return FrameReader::Shape{.head = 1 + length_bytes, .body = body};
}

class Zmq final : public ByteDialect {
 public:
  Zmq() { facts_.dialect = "monerod.zmq"; }

  Fit see(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp) override {
    Fit best = Fit::none;
    bool read = false;
    const bool framed = readers_[static_cast<std::size_t>(side)].feed(
        bytes, offset, packet_start, shape_of, [&](ByteView head, ByteView body, std::uint64_t) {
          best = std::max(best, frame(side, head, as_text(body)));
          read = true;
        });
    if (best == Fit::fits) note_role();
    if (!framed && !read) ++facts_.misfits;
    return framed && !read && greeted_ ? Fit::neutral : best;
  }

 private:
  Fit frame(Side side, ByteView head, std::string_view body) {
    if (head[0] == 0xff || (head[0] & kFlagCommand) != 0) greeted_ = true;
    const bool command = (head[0] & kFlagCommand) != 0;
    const Fit fit = head[0] == 0xff        ? Fit::neutral
                    : side == Side::client ? subscription(command, body)
                    : command              ? Fit::neutral
                                           : news(body);
    return talk::count(facts_, side, fit);
  }

  // ZMTP 3.0 subscribes by a message that begins with 1, 3.1 by a command.
  Fit subscription(bool command, std::string_view body) {
    const bool message = !command && body.starts_with('\x01');
    if (!message && !(command && body.starts_with(kSubscribe))) return command ? Fit::neutral : Fit::none;
    const Topic* topic = topic_of(body.substr(message ? 1 : kSubscribe.size()));
    if (topic == nullptr) return Fit::none;
    note_topic(*topic);
    facts_.client_greeted = true;
    return Fit::fits;
  }

  // "topic:{...}" or "topic:[...]"
  Fit news(std::string_view body) {
    const std::size_t colon = body.find(':');
    const Topic* topic = colon == std::string_view::npos ? nullptr : topic_of(body.substr(0, colon));
    if (topic == nullptr || colon + 1 >= body.size() || (body[colon + 1] != '{' && body[colon + 1] != '['))
      return Fit::none;
    note_topic(*topic);
    facts_.server_agreed = facts_.client_greeted;
    if (topic->work) ++facts_.jobs;
    return Fit::fits;
  }

  void note_topic(const Topic& topic) {
    mines_ = mines_ || topic.mines;
    whole_transactions_ = whole_transactions_ || topic.name == "json-full-txpool_add";
    miner_data_ = miner_data_ || topic.name == "json-full-miner_data";
  }

  void note_role() {
    const bool miner = miner_data_ || (mines_ && !whole_transactions_);
    facts_.role = miner ? Role::solo : Role::node;
    facts_.coin = "monero";
    if (miner) facts_.algorithm = "rx/0";
    else facts_.algorithm.clear();
  }

  std::array<FrameReader, 2> readers_;
  bool greeted_ = false;
  bool mines_ = false, whole_transactions_ = false, miner_data_ = false;
};

}  // namespace

std::unique_ptr<ByteDialect> create_zmq_dialect() { return std::make_unique<Zmq>(); }

}  // namespace davy::mining

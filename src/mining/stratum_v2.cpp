// Stratum V2. In clear, as inside a site: frames of a 6-byte head (extension type, message type, length), each message
// with a length of its own and its inner lengths agreeing with it. Behind Noise: stratum_v2_noise.h. Source: the
// Stratum V2 specification, parts 3 (protocol), 5 (mining) and 8 (message types).
#include <algorithm>
#include <array>
#include <cmath>

#include "mining/frame_reader.h"
#include "mining/number256.h"
#include "mining/stratum_v2_noise.h"
#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

constexpr std::size_t kHead = 6;
constexpr std::uint16_t kChannelMessage = 0x8000;
constexpr std::uint32_t kAcceptedAtOnceMax = 1U << 20;
constexpr std::uint16_t kVersion = 2;
constexpr std::size_t kNoText = 0;

enum Type : std::uint8_t {
  setup = 0x00,
  setup_success = 0x01,
  setup_error = 0x02,
  open_standard = 0x10,
  open_standard_success = 0x11,
  open_extended = 0x13,
  open_extended_success = 0x14,
  new_job = 0x15,
  submit_standard = 0x1a,
  submit_extended = 0x1b,
  submit_success = 0x1c,
  submit_error = 0x1d,
  new_extended_job = 0x1f,
  set_target = 0x21,
};

struct Kind {
  std::uint8_t type;
  Side side;
  bool channel;  // carries the channel bit
  std::uint32_t min, max;
  std::size_t text_at;  // of a text with its length before it that ends the message; kNoText: none
};
constexpr std::array<Kind, 23> kKinds = {{{setup, Side::client, false, 16, 1'291, kNoText},
                                          {setup_success, Side::server, false, 6, 6, kNoText},
                                          {setup_error, Side::server, false, 5, 260, 4},
                                          {open_standard, Side::client, false, 41, 296, kNoText},
                                          {open_standard_success, Side::server, false, 45, 77, kNoText},
                                          {0x12, Side::server, false, 5, 260, 4},
                                          {open_extended, Side::client, false, 43, 298, kNoText},
                                          {open_extended_success, Side::server, false, 43, 83, kNoText},
                                          {new_job, Side::server, true, 45, 49, kNoText},
                                          {0x16, Side::client, true, 40, 40, kNoText},
                                          {0x17, Side::server, true, 5, 260, 4},
                                          {0x18, Side::client, true, 5, 260, 4},
                                          {0x18, Side::server, true, 5, 260, 4},
                                          {0x19, Side::server, true, 5, 37, 4},
                                          {submit_standard, Side::client, true, 24, 24, kNoText},
                                          {submit_extended, Side::client, true, 25, 57, 24},
                                          {submit_success, Side::server, true, 20, 20, kNoText},
                                          {submit_error, Side::server, true, 9, 264, 8},
                                          {new_extended_job, Side::server, true, 20, 65'535, kNoText},
                                          {0x20, Side::server, true, 48, 48, kNoText},
                                          {set_target, Side::server, true, 36, 36, kNoText},
                                          {0x22, Side::client, false, 50, 65'535, kNoText},
                                          {0x23, Side::server, false, 8, 8, kNoText}}};

const Kind* kind_of(Side side, ByteView head) {
  const std::uint16_t extension = *read_u16_le(head, 0);
  for (const Kind& kind : kKinds)
    if (kind.type == head[2] && kind.side == side && extension == (kind.channel ? kChannelMessage : 0)) return &kind;
  return nullptr;
}

std::uint32_t length_of(ByteView head) { return *read_u16_le(head, 3) | (std::uint32_t{head[5]} << 16U); }

std::optional<FrameReader::Shape> shape_of(Side side, ByteView head) {
  if (head.size() < kHead) return FrameReader::Shape{.head = kHead};
  const Kind* kind = kind_of(side, head);
  const std::uint32_t length = length_of(head);
  if (kind == nullptr || length < kind->min || length > kind->max) return std::nullopt;
  return FrameReader::Shape{.head = kHead, .body = length};
}

// Reads a message from its front.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}
  std::string_view text() {
    const ByteView length = take(1);
    return length.empty() ? std::string_view() : as_text(take(length[0]));
  }
  ByteView take(std::size_t bytes) {
    if (bytes > rest_.size()) failed_ = true;
    const ByteView out = rest_.first(failed_ ? 0 : bytes);
    rest_ = rest_.subspan(out.size());
    return out;
  }
  bool done() const { return !failed_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool failed_ = false;
};

// 2^256 / target of 32 bytes, little endian; 0 for zero.
double hashes_of(ByteView target) {
  std::array<std::uint8_t, 32> digest{};
  std::copy_n(target.begin(), digest.size(), digest.begin());
  const double bits = bits_of_target(number_of_digest(digest));
  return std::isfinite(bits) ? std::exp2(bits) : 0.0;
}

class StratumV2 final : public ByteDialect {
 public:
  StratumV2() { facts_.dialect = "stratum_v2"; }

  Fit see(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) override {
    const Fit clear = see_clear(side, bytes, offset, packet_start, at);
    if (clear_ || clear == Fit::fits) return clear;
    return std::max(clear, noise_.see(side, bytes, offset, at));
  }

 private:
  Fit see_clear(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp at) {
    Fit best = Fit::none;
    const bool framed = readers_[static_cast<std::size_t>(side)].feed(
        bytes, offset, packet_start, [side](ByteView head) { return shape_of(side, head); },
        [&](ByteView head, ByteView body, std::uint64_t length) {
          best = std::max(best, frame(side, head, body, length, at));
        });
    if (!framed && best == Fit::none && clear_) ++facts_.misfits;
    return framed && clear_ ? std::max(best, Fit::neutral) : best;
  }

  Fit frame(Side side, ByteView head, ByteView body, std::uint64_t length, Timestamp at) {
    const Kind* kind = kind_of(side, head);
    const bool agrees = kind->text_at == kNoText || body[kind->text_at] == length - kind->text_at - 1;
    if (!agrees || !read(kind->type, body, at)) return talk::count(facts_, side, Fit::none);
    if (!clear_ && facts_.role == Role::none) facts_.role = Role::pool;
    clear_ = true;
    facts_.dialect = "stratum_v2";
    return talk::count(facts_, side, Fit::fits);
  }

  bool read(std::uint8_t type, ByteView body, Timestamp at) {
    switch (type) {
      case setup: return read_setup(body);
      case setup_success: return facts_.server_agreed = *read_u16_le(body, 0) == kVersion, facts_.server_agreed;
      case open_standard: return read_open(body, 0);
      case open_extended: return read_open(body, 2);
      case open_standard_success: return read_opened(body, 4);
      case open_extended_success: return read_opened(body, 0);
      case new_job: return read_job(body);
      case new_extended_job: return ++facts_.jobs, body[8] <= 1;
      case set_target: return hashes_ = hashes_of(body.last(32)), hashes_ > 0.0;
      case submit_standard:
      case submit_extended: return note_share(at);
      case submit_success: return note_accepted(*read_u32_le(body, 8));
      case submit_error: return ++facts_.shares.rejected, true;
      default: return true;
    }
  }

  // Protocol 0 mines; 1 and 2 are what a pool's proxies and templates speak.
  bool read_setup(ByteView body) {
    const std::uint8_t protocol = body[0];
    const std::uint16_t lowest = *read_u16_le(body, 1), highest = *read_u16_le(body, 3);
    Reader reader(body.subspan(9));
    const std::string_view host = reader.text();
    reader.take(2);
    const std::string_view vendor = reader.text(), hardware = reader.text(), firmware = reader.text();
    const std::string_view device = reader.text();
    if (!reader.done() || protocol > 2 || lowest > kVersion || highest < kVersion || highest > 16) return false;
    facts_.client_greeted = true;
    facts_.role = protocol == 0 ? Role::pool : Role::proxy;
    std::string agent;
    for (const std::string_view part : {vendor, hardware, firmware})
      if (!part.empty()) agent.append(agent.empty() ? "" : " ").append(part);
    talk::set_once(facts_.agent, agent.empty() ? host : agent);
    talk::set_once(facts_.worker, device);
    return true;
  }

  // request id, user, hash rate, highest target[, extranonce size]
  bool read_open(ByteView body, std::size_t behind) {
    Reader reader(body.subspan(4));
    const std::string_view user = reader.text();
    reader.take(4 + 32 + behind);
    if (!reader.done()) return false;
    facts_.client_greeted = true;
    talk::set_once(facts_.account, user);
    talk::note_wallet(facts_, user);
    const std::size_t dot = user.find('.');
    if (dot != std::string_view::npos) talk::set_once(facts_.worker, user.substr(dot + 1));
    return true;
  }

  // request id, channel, target, then (extended: extranonce size) a prefix and, at the end, the group channel
  bool read_opened(ByteView body, std::size_t behind) {
    const std::size_t prefix_at = behind == 0 ? 42 : 40;
    if (body.size() <= prefix_at) return false;
    const std::size_t end = prefix_at + 1 + body[prefix_at];
    if (end + behind != body.size() && end + 4 != body.size()) return false;
    hashes_ = hashes_of(body.subspan(8, 32));
    facts_.server_agreed = true;
    return hashes_ > 0.0;
  }

  // channel, job, optional time, version, merkle root
  bool read_job(ByteView body) {
    ++facts_.jobs;
    return (body.size() == 45 && body[8] == 0) || (body.size() == 49 && body[8] == 1);
  }

  bool note_share(Timestamp at) {
    talk::note_sent(facts_.shares, at);
    ++facts_.shares.unchecked;
    return true;
  }

  bool note_accepted(std::uint32_t shares) {
    if (shares > kAcceptedAtOnceMax) return false;
    facts_.shares.accepted += shares;
    facts_.shares.expected_hashes += hashes_ * shares;
    return true;
  }

  std::array<FrameReader, 2> readers_;
  StratumV2Noise noise_{facts_};
  bool clear_ = false;
  double hashes_ = 0.0;  // behind one share of the channel opened last
};

}  // namespace

std::unique_ptr<ByteDialect> create_stratum_v2_dialect() { return std::make_unique<StratumV2>(); }

}  // namespace davy::mining

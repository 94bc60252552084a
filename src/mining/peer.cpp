// What nodes of a coin say to each other: Bitcoin's family, Monero, P2Pool. Never mining.
//
// Bitcoin: a magic number, a command padded with zeros, length and checksum. Monero: the header of its levin protocol.
// P2Pool: both sides open with a challenge (17 bytes), its solution (41 bytes, the client's with work in its hash) and
// a port (5 bytes), known by their leading bytes at fixed offsets. Sources: Bitcoin's developer reference, monerod's
// levin notes, P2Pool's peer server.
#include <algorithm>
#include <array>

#include "mining/frame_reader.h"
#include "mining/talk_parts.h"

namespace davy::mining {
namespace {

struct Network {
  std::uint32_t magic;  // as little endian
  std::string_view coin;
};
constexpr std::array<Network, 10> kNetworks = {{{0xd9b4bef9, "bitcoin"},
                                                {0x0709110b, "bitcoin"},
                                                {0x283f161c, "bitcoin"},
                                                {0x40cf030a, "bitcoin"},
                                                {0xdab5bffa, "bitcoin"},
                                                {0xe8f3e1e3, "bitcoin_cash"},
                                                {0xdbb6c0fb, "litecoin"},
                                                {0xc0c0c0c0, "dogecoin"},
                                                {0xbd6b0cbf, "dash"},
                                                {0x6427e924, "zcash"}}};
constexpr std::size_t kBitcoinHead = 24;
constexpr std::uint32_t kBitcoinBodyMax = 32U << 20;
constexpr std::size_t kVersionAgentAt = 80;  // in the payload of "version"
constexpr std::size_t kLevinHead = 33;
constexpr std::uint64_t kLevinMagic = 0x0101010101012101;  // little endian
constexpr std::uint32_t kLevinVersion = 1;

// Where P2Pool's handshake has its messages.
constexpr std::size_t kSolutionAt = 17, kPortAt = 58, kRequestAt = 63, kP2PoolBytes = 64;
constexpr std::uint64_t kChallengeDifficulty = 10'000;

bool is_command(ByteView name) {
  const auto end = std::find(name.begin(), name.end(), std::uint8_t{0});
  const auto letter = [](std::uint8_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return end - name.begin() >= 2 && std::all_of(name.begin(), end, letter) &&
         std::all_of(end, name.end(), [](std::uint8_t c) { return c == 0; });
}

std::optional<FrameReader::Shape> bitcoin_shape(ByteView head) {
  if (head.size() < 4) return FrameReader::Shape{.head = 4};
  if (std::ranges::find(kNetworks, *read_u32_le(head, 0), &Network::magic) == kNetworks.end()) return std::nullopt;
  if (head.size() < kBitcoinHead) return FrameReader::Shape{.head = kBitcoinHead};
  const std::uint32_t body = *read_u32_le(head, 16);
  if (!is_command(head.subspan(4, 12)) || body > kBitcoinBodyMax) return std::nullopt;
  return FrameReader::Shape{.head = kBitcoinHead, .body = body};
}

std::optional<FrameReader::Shape> levin_shape(ByteView head) {
  if (head.size() < 8) return FrameReader::Shape{.head = 8};
  if (*read_u64_le(head, 0) != kLevinMagic) return std::nullopt;
  if (head.size() < kLevinHead) return FrameReader::Shape{.head = kLevinHead};
  if (head[16] > 1 || *read_u32_le(head, 29) != kLevinVersion) return std::nullopt;
  return FrameReader::Shape{.head = kLevinHead, .body = *read_u64_le(head, 8)};
}

// The second byte tells Monero's magic from Bitcoin's, whose first byte is never 1.
std::optional<FrameReader::Shape> shape_of(ByteView head) {
  return head[0] == 0x01 ? levin_shape(head) : bitcoin_shape(head);
}

// The first bytes of both sides, until P2Pool's handshake is clear or ruled out.
class P2PoolShape {
 public:
  // True once, when both sides have completed the handshake.
  bool see(Side side, ByteView bytes, std::uint64_t offset) {
    Bytes& kept = kept_[static_cast<std::size_t>(side)];
    if (offset != kept.size() || over_) return over_ = over_ || kept.size() < kP2PoolBytes, false;
    const std::size_t room = kP2PoolBytes - kept.size();
    kept.insert(kept.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(room, bytes.size())));
    if (!may_be(kept)) return over_ = true, false;
    over_ = kept_[0].size() == kP2PoolBytes && kept_[1].size() == kP2PoolBytes;
    return over_ && worked(kept_[static_cast<std::size_t>(Side::client)]);
  }

 private:
  static bool is(const Bytes& bytes, std::size_t at, std::uint8_t value) {
    return bytes.size() <= at || bytes[at] == value;
  }

  static bool may_be(const Bytes& bytes) {
    const auto port = read_u32_le(bytes, kPortAt + 1);
    return is(bytes, 0, 0) && is(bytes, kSolutionAt, 1) && is(bytes, kPortAt, 2) && is(bytes, kRequestAt, 3) &&
           (!port || *port <= 0xffff);
  }

  // The client's solution has work in it: its most significant eight bytes times the difficulty fit in eight.
  static bool worked(const Bytes& client) {
    return *read_u64_le(client, kSolutionAt + 25) <= ~std::uint64_t{0} / kChallengeDifficulty;
  }

  std::array<Bytes, 2> kept_;
  bool over_ = false;
};

class Peer final : public ByteDialect {
 public:
  Peer() { facts_.dialect = "bitcoin_peer"; }

  Fit see(Side side, ByteView bytes, std::uint64_t offset, bool packet_start, Timestamp) override {
    if (p2pool_.see(side, bytes, offset)) return note_p2pool();
    if (facts_.dialect == "p2pool_peer") return Fit::neutral;
    Fit best = Fit::none;
    const bool framed = readers_[static_cast<std::size_t>(side)].feed(bytes, offset, packet_start, shape_of,
                                                                      [&](ByteView head, ByteView body, std::uint64_t) {
                                                                        best = Fit::fits;
                                                                        note_frame(side, head, body);
                                                                      });
    if (!framed && best == Fit::none) ++facts_.misfits;
    return framed ? std::max(best, Fit::neutral) : best;
  }

 private:
  Fit note_p2pool() {
    facts_.dialect = "p2pool_peer", facts_.role = Role::node, facts_.coin = "monero";
    facts_.client_fits = facts_.server_fits = 3;  // challenge, solution and port
    facts_.client_greeted = facts_.server_agreed = true;
    facts_.misfits = 0;
    return Fit::fits;
  }

  void note_frame(Side side, ByteView head, ByteView body) {
    facts_.role = Role::node;
    (side == Side::client ? facts_.client_greeted : facts_.server_agreed) = true;
    talk::count(facts_, side, Fit::fits);
    if (head.size() == kLevinHead) {
      facts_.dialect = "monero_peer", facts_.coin = "monero";
      return;
    }
    const auto network = std::ranges::find(kNetworks, *read_u32_le(head, 0), &Network::magic);
    facts_.coin = network->coin;
    if (side == Side::client && as_text(head.subspan(4, 8)) == std::string_view("version\0", 8)) note_agent(body);
  }

  void note_agent(ByteView body) {
    if (body.size() <= kVersionAgentAt) return;
    const std::size_t length = body[kVersionAgentAt];
    const ByteView rest = body.subspan(kVersionAgentAt + 1);
    if (length < 0xfd && length <= rest.size()) talk::set_once(facts_.agent, as_text(rest.first(length)));
  }

  std::array<FrameReader, 2> readers_;
  P2PoolShape p2pool_;
};

}  // namespace

std::unique_ptr<ByteDialect> create_peer_dialect() { return std::make_unique<Peer>(); }

}  // namespace davy::mining

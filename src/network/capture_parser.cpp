#include "network/capture_parser.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace davy::network {
namespace {

constexpr std::uint32_t kPcapMicro = 0xa1b2c3d4, kPcapNano = 0xa1b23c4d, kPcapngSection = 0x0a0d0d0a,
                        kPcapngByteOrder = 0x1a2b3c4d;
constexpr std::size_t kPcapHeader = 24, kPcapRecord = 16, kPcapngBlock = 12;
constexpr std::size_t kInflateBytes = 256U << 10;

std::uint32_t get32(const std::uint8_t* at, bool swapped) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return swapped ? __builtin_bswap32(value) : value;
}
std::uint16_t get16(const std::uint8_t* at, bool swapped) {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return swapped ? __builtin_bswap16(value) : value;
}

tl::unexpected<Error> bad(const char* what) { return fail(ErrorCode::malformed, what); }

}  // namespace

// One kind of file. take() reads records from the front of `bytes` and gives their size, 0 when more bytes are needed.
class CaptureParser::Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<std::size_t> take(ByteView bytes, FrameSink& sink) = 0;
  std::uint64_t frames = 0;
};

namespace {

// Files of tcpdump: one header, then records.
class PcapReader final : public CaptureParser::Reader {
 public:
  // Several records at a time.
  Result<std::size_t> take(ByteView bytes, FrameSink& sink) override {
    if (!has_header_) return header(bytes);
    std::size_t used = 0, count = 0;
    while (count < batch_.size()) {
      const Result<std::size_t> size = record(bytes.subspan(used), batch_[count]);
      if (!size && count == 0) return size;
      if (!size || *size == 0) break;
      used += *size;
      ++count;
    }
    frames += count;
    sink.frames(std::span(batch_).first(count));
    return used;
  }

 private:
  Result<std::size_t> record(ByteView bytes, Frame& out) const {
    if (bytes.size() < kPcapRecord) return std::size_t{0};
    const std::uint32_t kept = get32(&bytes[8], swapped_);
    if (kept > kCaptureRecordBytesMax) return bad("a record of the capture is impossibly long");
    if (bytes.size() < kPcapRecord + kept) return std::size_t{0};
    const std::int64_t seconds = get32(&bytes[0], swapped_), fraction = get32(&bytes[4], swapped_);
    out = {.at = {seconds * 1'000'000'000 + fraction * (nano_ ? 1 : 1000)},
           .link_type = link_type_,
           .original_bytes = get32(&bytes[12], swapped_),
           .bytes = bytes.subspan(kPcapRecord, kept)};
    return kPcapRecord + kept;
  }

  Result<std::size_t> header(ByteView bytes) {
    if (bytes.size() < kPcapHeader) return std::size_t{0};
    const std::uint32_t magic = get32(&bytes[0], false);
    swapped_ = magic != kPcapMicro && magic != kPcapNano;
    nano_ = get32(&bytes[0], swapped_) == kPcapNano;
    link_type_ = get32(&bytes[20], swapped_) & 0xffff;  // the upper half says whether frames have a checksum
    has_header_ = true;
    return kPcapHeader;
  }

  bool has_header_ = false, swapped_ = false, nano_ = false;
  std::uint32_t link_type_ = 0;
  std::array<Frame, kFramesAtOnce> batch_;
};

// Blocks: a section, its interfaces, and packets that name theirs.
class PcapngReader final : public CaptureParser::Reader {
 public:
  Result<std::size_t> take(ByteView bytes, FrameSink& sink) override {
    if (bytes.size() < kPcapngBlock) return std::size_t{0};
    const std::uint32_t type = get32(&bytes[0], swapped_);
    if (type == kPcapngSection) {
      const std::uint32_t order = get32(&bytes[8], false);
      if (order != kPcapngByteOrder && order != __builtin_bswap32(kPcapngByteOrder))
        return bad("a section of the capture names no byte order");
      swapped_ = order != kPcapngByteOrder;
      interfaces_.clear();
    }
    const std::uint32_t length = get32(&bytes[4], swapped_);
    if (length < kPcapngBlock || length % 4 != 0 || length > kCaptureRecordBytesMax)
      return bad("a block of the capture has an impossible length");
    if (bytes.size() < length) return std::size_t{0};
    TRY(block(type, bytes.subspan(8, length - kPcapngBlock), sink));
    return std::size_t{length};
  }

 private:
  struct Interface {
    std::uint32_t link_type = 1;
    std::uint32_t kept_max = 0;
    double unit_ns = 1000.0;  // of its timestamps
    std::int64_t offset_ns = 0;
  };

  Status block(std::uint32_t type, ByteView body, FrameSink& sink) {
    switch (type) {
      case 1: return interface(body);
      case 2: return packet(body, 20, true, sink);
      case 3: return simple_packet(body, sink);
      case 6: return packet(body, 20, false, sink);
      default: return {};
    }
  }

  Status interface(ByteView body) {
    if (body.size() < 8) return bad("an interface of the capture is cut");
    if (interfaces_.size() == kInterfacesMax) return fail(ErrorCode::limit_exceeded, "too many interfaces");
    Interface out{.link_type = get16(&body[0], swapped_), .kept_max = get32(&body[4], swapped_)};
    for (ByteView options = body.subspan(8); options.size() >= 4;) {
      const std::uint16_t code = get16(&options[0], swapped_), length = get16(&options[2], swapped_);
      if (code == 0 || options.size() < 4U + length) break;
      option(code, options.subspan(4, length), out);
      options = options.subspan(std::min<std::size_t>(options.size(), 4U + (length + 3U) / 4U * 4U));
    }
    interfaces_.push_back(out);
    return {};
  }

  void option(std::uint16_t code, ByteView value, Interface& out) const {
    if (code == 9 && value.size() == 1)  // if_tsresol: a power of two or of ten
      out.unit_ns =
          (value[0] & 0x80) != 0 ? 1e9 / std::pow(2.0, value[0] & 0x3f) : 1e9 / std::pow(10.0, value[0] & 0xf);
    if (code == 14 && value.size() == 8)  // if_tsoffset, seconds
      out.offset_ns = static_cast<std::int32_t>(get32(&value[swapped_ ? 4 : 0], swapped_)) * 1'000'000'000LL;
  }

  Status packet(ByteView body, std::size_t header, bool obsolete, FrameSink& sink) {
    if (body.size() < header) return bad("a packet block of the capture is cut");
    const std::uint32_t number = obsolete ? get16(&body[0], swapped_) : get32(&body[0], swapped_);
    const std::uint32_t kept = get32(&body[12], swapped_);
    if (number >= interfaces_.size()) return bad("a packet names an interface that there is not");
    if (kept > body.size() - header) return bad("a packet is longer than its block");
    const Interface& from = interfaces_[number];
    const std::uint64_t ticks = std::uint64_t{get32(&body[4], swapped_)} << 32 | get32(&body[8], swapped_);
    ++frames;
    sink.frame({.at = {time_of(ticks, from)},
                .link_type = from.link_type,
                .original_bytes = get32(&body[16], swapped_),
                .bytes = body.subspan(header, kept)});
    return {};
  }

  static std::int64_t time_of(std::uint64_t ticks, const Interface& from) {
    constexpr std::uint64_t kLongest = 1ULL << 62;
    if (from.unit_ns == 1000.0)
      return static_cast<std::int64_t>(std::min(ticks, kLongest / 1000) * 1000) + from.offset_ns;
    if (from.unit_ns == 1.0) return static_cast<std::int64_t>(std::min(ticks, kLongest)) + from.offset_ns;
    return static_cast<std::int64_t>(std::min(static_cast<double>(ticks) * from.unit_ns, 4e18)) + from.offset_ns;
  }

  Status simple_packet(ByteView body, FrameSink& sink) {
    if (body.size() < 4 || interfaces_.empty()) return bad("a simple packet of the capture is cut or has no interface");
    const std::uint32_t original = get32(&body[0], swapped_);
    const std::uint32_t limit = interfaces_[0].kept_max == 0 ? original : interfaces_[0].kept_max;
    const std::size_t kept = std::min<std::size_t>({body.size() - 4, original, limit});
    ++frames;
    sink.frame(
        {.at = {}, .link_type = interfaces_[0].link_type, .original_bytes = original, .bytes = body.subspan(4, kept)});
    return {};
  }

  bool swapped_ = false;
  std::vector<Interface> interfaces_;
};

}  // namespace

// gzip, one member after another.
class CaptureParser::Inflater {
 public:
  Inflater() { ::inflateInit2(&stream_, 16 + MAX_WBITS); }
  ~Inflater() { ::inflateEnd(&stream_); }

  template <class Each>
  Status feed(ByteView bytes, Each each) {
    stream_.next_in = const_cast<Bytef*>(bytes.data()), stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) {
      stream_.next_out = out_.data(), stream_.avail_out = static_cast<uInt>(out_.size());
      const int state = ::inflate(&stream_, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
        return bad("the compressed capture is damaged");
      TRY(each(ByteView(out_).subspan(0, out_.size() - stream_.avail_out)));
      ended_ = state == Z_STREAM_END;
      if (ended_) ::inflateReset(&stream_);
      else if (state == Z_BUF_ERROR && stream_.avail_out == out_.size()) break;
    }
    return {};
  }
  bool ended() const { return ended_; }

 private:
  z_stream stream_{};
  Bytes out_ = Bytes(kInflateBytes);
  bool ended_ = true;
};

CaptureParser::CaptureParser(FrameSink& sink) : sink_(sink) {}
CaptureParser::~CaptureParser() = default;

std::uint64_t CaptureParser::frames() const { return reader_ ? reader_->frames : 0; }

Status CaptureParser::feed(ByteView bytes) {
  if (inflater_) return inflater_->feed(bytes, [this](ByteView plain) { return feed_plain(plain); });
  if (reader_) return feed_plain(bytes);
  beginning_.insert(beginning_.end(), bytes.begin(), bytes.end());
  if (beginning_.size() < 4) return {};
  const Bytes held = std::move(beginning_);
  if (held[0] != 0x1f || held[1] != 0x8b) return feed_plain(held);
  inflater_ = std::make_unique<Inflater>();
  return inflater_->feed(held, [this](ByteView plain) { return feed_plain(plain); });
}

// Reads whole records where they stand; only a record that is cut by the block's end is copied.
Status CaptureParser::consume(ByteView& bytes) {
  if (!reader_) {
    if (bytes.size() < 4) return {};
    const std::uint32_t magic = get32(bytes.data(), false), other = __builtin_bswap32(magic);
    if (magic == kPcapngSection) reader_ = std::make_unique<PcapngReader>();
    else if (magic == kPcapMicro || magic == kPcapNano || other == kPcapMicro || other == kPcapNano)
      reader_ = std::make_unique<PcapReader>();
    else return bad("this is neither pcap nor pcapng, nor gzip of one");
  }
  while (!bytes.empty()) {
    const std::size_t taken = TRY(reader_->take(bytes, sink_));
    if (taken == 0) break;
    bytes = bytes.subspan(taken);
  }
  return {};
}

Status CaptureParser::feed_plain(ByteView bytes) {
  while (!carry_.empty() && !bytes.empty()) {  // grow the cut record until it is whole
    const std::size_t step = std::min<std::size_t>(bytes.size(), std::max<std::size_t>(carry_.size(), 64));
    const std::size_t before = carry_.size();
    carry_.insert(carry_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(step));
    ByteView rest = carry_;
    TRY(consume(rest));
    const std::size_t taken = carry_.size() - rest.size();
    if (taken >= before) {  // what is left over stands in `bytes` too
      bytes = bytes.subspan(taken - before);
      carry_.clear();
    } else {
      carry_.erase(carry_.begin(), carry_.begin() + static_cast<std::ptrdiff_t>(taken));
      bytes = bytes.subspan(step);
    }
    if (carry_.size() > kCaptureRecordBytesMax + kPcapRecord) return bad("a record of the capture is impossibly long");
  }
  if (bytes.empty()) return {};
  TRY(consume(bytes));
  carry_.assign(bytes.begin(), bytes.end());
  return {};
}

Status CaptureParser::finish() {
  if (!reader_) return bad(beginning_.empty() && carry_.empty() ? "the capture is empty" : "this is no capture");
  if (!carry_.empty() || (inflater_ && !inflater_->ended()))
    return fail(ErrorCode::interrupted, "the capture ends inside a record");
  return {};
}

}  // namespace davy::network

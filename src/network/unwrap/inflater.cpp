#include "network/unwrap/inflater.h"

#include <zlib.h>

#include <array>

namespace davy::network {
namespace {

constexpr std::size_t kChunk = 4'096;
constexpr int kRawWindow = -15;         // no header
constexpr int kDetectWindow = 15 + 32;  // header of gzip or zlib

}  // namespace

void Inflater::End::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

Inflater::Inflater(Format format, std::size_t limit)
    : stream_(new z_stream_s{}), left_(limit), raw_(format == Format::raw) {
  broken_ = inflateInit2(stream_.get(), format == Format::raw ? kRawWindow : kDetectWindow) != Z_OK;
}

bool Inflater::step(const std::function<void(ByteView)>& out, bool& more) {
  std::array<std::uint8_t, kChunk> chunk;
  stream_->next_out = chunk.data();
  stream_->avail_out = kChunk;
  const int state = ::inflate(stream_.get(), Z_SYNC_FLUSH);
  const std::size_t got = kChunk - stream_->avail_out;
  more = state == Z_OK && stream_->avail_out == 0;
  if ((state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) || got > left_) return false;
  left_ -= got;
  if (state == Z_STREAM_END && raw_) inflateReset(stream_.get());  // the sender may end its stream with a message
  if (got > 0) out(ByteView(chunk).first(got));
  return true;
}

bool Inflater::feed(ByteView deflated, const std::function<void(ByteView)>& out) {
  stream_->next_in = const_cast<Bytef*>(deflated.data());
  stream_->avail_in = static_cast<uInt>(deflated.size());
  for (bool more = !broken_; more;) broken_ = broken_ || !step(out, more), more = more && !broken_;
  return !broken_;
}

}  // namespace davy::network

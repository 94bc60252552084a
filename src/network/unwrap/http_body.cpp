#include "network/unwrap/http_body.h"

namespace davy::network {

void HttpBody::begin(const HttpHead& head, mining::HttpExchange exchange) {
  exchange_ = std::move(exchange);
  emitted_ = false;
  const bool readable =
      head.coding == Coding::identity ? head.maybe_json : head.coding == Coding::deflated && head.worth_inflating;
  content_ = readable ? Content::undecided : Content::other;
  inflater_.reset();
  if (readable && head.coding == Coding::deflated)
    inflater_ = std::make_unique<Inflater>(Inflater::Format::gzip, kBodyBytesMax);
}

void HttpBody::emit(const Json* json, Timestamp at) {
  emitted_ = true;
  out_.sink.message({.side = side_, .at = at, .carrier = mining::Carrier::http, .json = json, .http = &exchange_});
}

void HttpBody::feed(ByteView bytes, Timestamp at) {
  if (content_ == Content::other) {
    if (!emitted_) emit(nullptr, at);
  } else if (!inflater_) {
    take(bytes, at);
  } else if (!inflater_->feed(bytes, [&](ByteView plain) { take(plain, at); })) {
    ++out_.skipped;
    damage();
  }
}

void HttpBody::take(ByteView plain, Timestamp at) {
  if (content_ == Content::undecided) {
    const std::size_t first = as_text(plain).find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return;
    content_ = plain[first] == '{' || plain[first] == '[' ? Content::json : Content::other;
    if (content_ == Content::other) emit(nullptr, at);
  }
  if (content_ == Content::other) return;
  const std::uint64_t before = framer_.skipped();
  framer_.feed(as_text(plain), false, [&](const Json& json) { emit(&json, at); });
  out_.skipped += framer_.skipped() - before;
}

void HttpBody::end(Timestamp at) {
  const std::uint64_t before = framer_.skipped();
  framer_.end();
  out_.skipped += framer_.skipped() - before;
  inflater_.reset();
  if (!emitted_) emit(nullptr, at);
}

void HttpBody::damage() {
  framer_.end();
  inflater_.reset();
  content_ = Content::other;
}

}  // namespace davy::network

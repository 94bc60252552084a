// Inflates a stream of deflated bytes piece by piece, with a limit on what may come out of it.
//
// Not thread-safe. Memory: about 40 KiB while open. Errors: damaged data and output over the limit both end it.
//
//   Inflater inflater(Inflater::Format::gzip, 1U << 20);
//   inflater.feed(piece, [&](ByteView plain) { framer.feed(as_text(plain), false, found); });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.h"

struct z_stream_s;

namespace davy::network {

class Inflater {
 public:
  enum class Format : std::uint8_t { gzip, raw };  // gzip reads zlib's own format too

  Inflater(Format format, std::size_t limit);
  // False when the stream is damaged or the limit was passed: nothing more will come out.
  bool feed(ByteView deflated, const std::function<void(ByteView)>& out);
  // A new limit, counted from here.
  void allow(std::size_t limit) { left_ = limit; }

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };
  bool step(const std::function<void(ByteView)>& out, bool& more);

  std::unique_ptr<z_stream_s, End> stream_;
  std::size_t left_;
  bool raw_;
  bool broken_ = false;
};

}  // namespace davy::network

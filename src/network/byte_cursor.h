// Reads big-endian fields one after the other; what is cut off makes every later read fail as well. Not thread-safe.
//
//   ByteCursor cursor(bytes);
//   const auto type = cursor.u8();
//   const ByteView body = cursor.vector(3);   // with its length in 3 bytes before it
//   if (!cursor.good()) return std::nullopt;
#pragma once

#include "base/bytes.h"

namespace davy::network {

class ByteCursor {
 public:
  explicit ByteCursor(ByteView bytes) : rest_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  ByteView take(std::size_t size) {
    if (size > rest_.size()) good_ = false;
    const ByteView out = good_ ? rest_.first(size) : ByteView();
    rest_ = good_ ? rest_.subspan(size) : ByteView();
    return out;
  }
  // A length of `width` bytes and as many bytes as it says.
  ByteView vector(std::size_t width) { return take(static_cast<std::size_t>(number(width))); }

  bool good() const { return good_; }
  bool more() const { return good_ && !rest_.empty(); }
  ByteView rest() const { return rest_; }

 private:
  std::uint64_t number(std::size_t width) {
    std::uint64_t out = 0;
    for (const std::uint8_t byte : take(width)) out = out << 8U | byte;
    return out;
  }

  ByteView rest_;
  bool good_ = true;
};

}  // namespace davy::network

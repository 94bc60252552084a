// BLAKE2b without a key, with a personalisation: what Equihash and Ergo hash with. Source: RFC 7693; the BLAKE2
// specification for the personalisation, which the RFC leaves out.
//
// A Blake2b may be copied between updates: the copies go on from the same state. One object belongs to one thread.
//
//   Blake2b digest(32);
//   digest.update(header);
//   const Bytes hash = digest.finish();
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace davy::mining {

inline constexpr std::size_t kBlake2bDigestBytesMax = 64;
using Blake2bPersonalisation = std::array<std::uint8_t, 16>;

class Blake2b {
 public:
  // `digest_bytes` is 1 to kBlake2bDigestBytesMax.
  explicit Blake2b(std::size_t digest_bytes, const Blake2bPersonalisation& personalisation = {});
  void update(ByteView bytes);
  Bytes finish();  // once

 private:
  static constexpr std::size_t kBlockBytes = 128;

  void compress(bool last);

  std::array<std::uint64_t, 8> state_{};
  std::array<std::uint8_t, kBlockBytes> block_{};
  std::size_t pending_ = 0;   // bytes in block_
  std::uint64_t hashed_ = 0;  // bytes, those of block_ included once it is compressed
  std::size_t digest_bytes_ = 0;
};

Bytes blake2b(ByteView bytes, std::size_t digest_bytes);

}  // namespace davy::mining

#include "drill/wallet.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace davy::drill {
namespace {

constexpr std::uint8_t kMainNetworkByte = 18;
constexpr std::size_t kRateBytes = 136;
constexpr std::size_t kBlockBytes = 8;
constexpr std::array<std::size_t, 9> kBlockCharacters{0, 2, 3, 5, 6, 7, 9, 10, 11};

constexpr std::array<std::uint64_t, 24> kRoundConstants{
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
constexpr std::array<int, 24> kRotations{1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                         27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
constexpr std::array<std::size_t, 24> kLanes{10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                             15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};

using State = std::array<std::uint64_t, 25>;

void mix_columns(State& state) {
  std::array<std::uint64_t, 5> parity{};
  for (std::size_t i = 0; i < 25; ++i) parity[i % 5] ^= state[i];
  for (std::size_t i = 0; i < 25; ++i) state[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
}

void rotate_lanes(State& state) {
  std::uint64_t carried = state[1];
  for (std::size_t i = 0; i < 24; ++i) {
    std::swap(carried, state[kLanes[i]]);
    state[kLanes[i]] = std::rotl(state[kLanes[i]], kRotations[i]);
  }
}

void combine_rows(State& state) {
  for (std::size_t row = 0; row < 25; row += 5) {
    std::array<std::uint64_t, 5> lanes{};
    std::copy_n(state.begin() + static_cast<std::ptrdiff_t>(row), 5, lanes.begin());
    for (std::size_t i = 0; i < 5; ++i) state[row + i] = lanes[i] ^ (~lanes[(i + 1) % 5] & lanes[(i + 2) % 5]);
  }
}

void permute(State& state) {
  for (const std::uint64_t constant : kRoundConstants) {
    mix_columns(state);
    rotate_lanes(state);
    combine_rows(state);
    state[0] ^= constant;
  }
}

void absorb(State& state, const std::uint8_t* block) {
  for (std::size_t i = 0; i < kRateBytes; ++i) state[i / 8] ^= static_cast<std::uint64_t>(block[i]) << (8 * (i % 8));
  permute(state);
}

PublicKeyBytes numbered_key(MaskedView text) {
  const SecretText source(text);
  return keccak256(as_bytes(source.view()));
}

void add_block(SecretText& out, ByteView block) {
  const SecretText alphabet(mask("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"));
  std::uint64_t number = 0;
  for (const std::uint8_t byte : block) number = number << 8U | byte;
  const std::size_t length = kBlockCharacters[block.size()];
  std::array<char, 11> digits{};
  for (std::size_t i = length; i-- > 0; number /= 58) digits[i] = alphabet.view()[number % 58];
  out.add(std::string_view(digits.data(), length));
  explicit_bzero(digits.data(), digits.size());
}

}  // namespace

std::array<std::uint8_t, 32> keccak256(ByteView bytes) {
  State state{};
  while (bytes.size() >= kRateBytes) {
    absorb(state, bytes.data());
    bytes = bytes.subspan(kRateBytes);
  }
  std::array<std::uint8_t, kRateBytes> last{};
  std::ranges::copy(bytes, last.begin());
  last[bytes.size()] ^= 0x01;
  last[kRateBytes - 1] ^= 0x80;
  absorb(state, last.data());
  std::array<std::uint8_t, 32> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(state[i / 8] >> (8 * (i % 8)));
  return digest;
}

PublicKeyBytes exercise_spend_key() { return numbered_key(mask("davy exercise 0")); }
PublicKeyBytes exercise_view_key() { return numbered_key(mask("davy exercise 1")); }

SecretText exercise_wallet() {
  std::array<std::uint8_t, 69> body{kMainNetworkByte};
  std::ranges::copy(exercise_spend_key(), body.begin() + 1);
  std::ranges::copy(exercise_view_key(), body.begin() + 33);
  const auto checksum = keccak256(ByteView(body).first(65));
  std::copy_n(checksum.begin(), 4, body.begin() + 65);
  SecretText wallet;
  for (std::size_t at = 0; at < body.size(); at += kBlockBytes)
    add_block(wallet, ByteView(body).subspan(at, std::min(kBlockBytes, body.size() - at)));
  return wallet;
}

}  // namespace davy::drill

// Bytes: views, little and big endian reads with bounds, hexadecimal. Pure functions; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace davy {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// The same memory seen as bytes, or as characters. The view lives as long as its argument.
ByteView as_bytes(std::string_view text);
std::string_view as_text(ByteView bytes);

// Unsigned integers at `offset`; nothing when the view ends before them.
std::optional<std::uint16_t> read_u16_le(ByteView bytes, std::size_t offset);
std::optional<std::uint32_t> read_u32_le(ByteView bytes, std::size_t offset);
std::optional<std::uint64_t> read_u64_le(ByteView bytes, std::size_t offset);
std::optional<std::uint16_t> read_u16_be(ByteView bytes, std::size_t offset);
std::optional<std::uint32_t> read_u32_be(ByteView bytes, std::size_t offset);

void append_u32_le(Bytes& out, std::uint32_t value);
void append_u64_le(Bytes& out, std::uint64_t value);

// Lower-case hexadecimal, and back: malformed on an odd length or a character outside [0-9a-fA-F].
std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

// RFC 4648 base32 without padding, upper case: 5 bits a character, used for finding ids.
std::string to_base32(ByteView bytes);

// Shannon entropy in bits per byte, 0 to 8; 0 for an empty view.
double entropy_bits_per_byte(ByteView bytes);

}  // namespace davy

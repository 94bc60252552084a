// What a stream of bytes is, by its first bytes alone. Pure; thread-safe; looks at no more than the first line.
//
//   switch (guess(Side::client, head, true)) { ... }
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "mining/dialect.h"

namespace davy::network {

inline constexpr std::size_t kRequestLineBytesMax = 4U << 10;

enum class Guess : std::uint8_t { more, json, http, websocket, tls, socks4, socks5, text, binary };

// `first`: these are the first bytes of that side, so that a proxy's handshake may stand here. `more`: whatever comes
// next decides.
Guess guess(mining::Side side, ByteView head, bool first);

// Whether the bytes begin, or may begin, a line "METHOD target HTTP/1.x" or "HTTP/1.x status".
bool begins_http(std::string_view head);

}  // namespace davy::network

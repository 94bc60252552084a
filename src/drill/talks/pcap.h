// A conversation as a capture file: classic pcap, Ethernet, IPv4 and TCP with right checksums, made-up addresses of the
// documentation networks (RFC 5737) and times that begin at a fixed moment. Handshake, segments and FIN; a midstream
// choice leaves out the handshake. Pure; thread-safe.
#pragma once

#include "base/bytes.h"
#include "drill/talks/script.h"

namespace davy::drill {

inline constexpr std::size_t kSegmentBytesMax = 1'400;

Bytes write_pcap(const std::vector<Turn>& turns, const TalkChoice& choice);

}  // namespace davy::drill

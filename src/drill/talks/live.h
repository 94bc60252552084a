// A talk played live on 127.0.0.1: a mock pool (or a near miss) that answers whoever comes, the client that belongs to
// it, and a relay that stands for a proxy in between.
//
// The server reacts: to a message of the client it gives what the script has behind the line with the same method,
// under the client's own id; to what it does not know, and to a wallet that is not the exercise's, it answers as such a
// server does. Jobs come at times left to chance. The client waits for its answers and finds its shares at times left
// to chance. All end when their seconds are over. A thread for each connection, at most kConnectionsMax; messages of at
// most kMessageMax. Talks that are neither lines nor HTTP nor WebSocket cannot be played. Errors: io, unsupported.
#pragma once

#include "drill/channel.h"
#include "drill/loopback.h"
#include "drill/talks/script.h"

namespace davy::drill {

inline constexpr std::size_t kConnectionsMax = 64;
inline constexpr std::size_t kMessageMax = 64U << 10;

struct LiveChoice {
  std::uint32_t seconds = 60;
  std::uint32_t shares = 20;
  std::uint32_t gap_ms = 8'000;       // between shares, on average
  std::uint32_t job_gap_ms = 30'000;  // between jobs, on average
  std::uint64_t seed = 1;
  std::uint16_t port = 0;
  TlsVersion tls = TlsVersion::none;
  TlsChoice tls_choice;
};

// Prints "port N" and serves.
Status serve_talk(const Talk& talk, const LiveChoice& choice);
// Plays the client to its last share.
Status join_talk(const Talk& talk, const LoopbackAddress& server, const LiveChoice& choice);
// Prints "port N" and hands bytes on, taking TLS off on one side and putting it on on the other.
Status relay_talks(const LoopbackAddress& server, TlsVersion inside, TlsVersion outside, const LiveChoice& choice);

}  // namespace davy::drill

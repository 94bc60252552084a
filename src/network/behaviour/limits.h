// Every number that the judgement of behaviour rests on, with its reason.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace davy::network::behaviour {

// What is counted.
inline constexpr Nanoseconds kWindow = std::chrono::minutes(15);
inline constexpr std::size_t kHostsMax = 65'536;      // local hosts of one window
inline constexpr std::size_t kPairsMax = 131'072;     // clients and servers whose contacts are watched
inline constexpr std::size_t kPairsOnceMax = 65'536;  // marks of pairs that met once
inline constexpr std::size_t kContactsKept = 24;      // times kept of each
inline constexpr std::uint32_t kContactsToTell = 16;  // then at every doubling
inline constexpr Nanoseconds kDeviceToldAgain = std::chrono::hours(1);  // a visit may have ended in between
inline constexpr Nanoseconds kPairsSpan = std::chrono::hours(24);
inline constexpr std::uint64_t kBriefBytesMax = 2'000;  // payload of both sides of a brief connection
inline constexpr Nanoseconds kBriefFor = std::chrono::seconds(5);

// What is judged. A host is judged once it has been known for so many windows: two hours.
inline constexpr std::uint32_t kWindowsToLearn = 8;
inline constexpr double kTimesUsual = 5.0;    // over the most that the host did in any window before
inline constexpr double kPeersFloor = 100;    // fan-out: fewer are an ordinary busy host
inline constexpr double kBriefFloor = 300;    // one every three seconds
inline constexpr double kBytesFloor = 200e6;  // to one peer
inline constexpr double kGapSpreadMax = 0.2;  // of a beacon; jitter of 30 % to both sides gives 0.15
inline constexpr double kGapSecondsMin = 20;  // faster is a loop, seen as brief connections
inline constexpr double kGapSecondsMax = 7'200;
inline constexpr std::uint32_t kFleetClients = 4;  // so many clients with the same habit are software that many have

}  // namespace davy::network::behaviour

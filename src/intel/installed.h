// The pack that a host uses, as a folder (default /var/lib/davy/intel) owned by root:
//
//   current.pack    in use
//   previous.pack   what was in use before, for rollback
//   last_seen       {"serial":n}, the highest serial ever installed; mode 0600
//
// install() verifies the pack and refuses one whose serial is lower than the last seen, so that nobody can bring back
// an old pack that lacks a name. rollback() is the operator's own way back: it exchanges current and previous, once
// they verify, and leaves last_seen as it is. Every file is replaced in one durable step, in an order in which a power
// cut leaves a pack that verifies; at worst current and previous are then the same.
//
// Not safe for two processes at once on one folder. POSIX. Errors: untrusted (signature, key, older serial), not_found,
// malformed, io.
//
//   const PackHeader now_in_use = TRY(install("/var/lib/davy/intel", bytes, trust, clock.now()));
#pragma once

#include <string>

#include "intel/pack.h"

namespace davy::intel {

inline constexpr const char* kInstalledFolder = "/var/lib/davy/intel";
inline constexpr const char* kCurrentPack = "current.pack";
inline constexpr const char* kPreviousPack = "previous.pack";
inline constexpr const char* kLastSeen = "last_seen";

// The header of the pack that is in use afterwards.
Result<PackHeader> install(const std::string& folder, ByteView pack, const TrustStore& trust, Timestamp now);
Result<PackHeader> rollback(const std::string& folder, const TrustStore& trust, Timestamp now);

}  // namespace davy::intel

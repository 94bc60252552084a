// One exercise load from start to end: conversation, hashing, and the many ways in which it ends by itself.
//
// It ends at the plan's deadline, on SIGTERM, SIGINT or SIGHUP, when its parent has gone, and at the latest by an alarm
// some seconds after the deadline. Runs on the calling thread, which must be the process's main one. A lost connection
// is tried again every kReconnectSeconds. At its end it says "worked HASHES MILLISECONDS" to whom it said "ready PID".
// Errors: those of Session and HashSource.
#pragma once

#include "drill/plan.h"

namespace davy::drill {

inline constexpr int kReconnectSeconds = 2;
inline constexpr unsigned kAlarmGraceSeconds = 5;

// Who is told that hashing has begun: a person ("ready PID" on the descriptor) or a guardian (one byte).
struct Announcement {
  int descriptor = 1;
  bool with_pid = true;
};

Status run_load(const Plan& plan, const Announcement& announcement);

// Ends this process without a word some seconds after the deadline, whatever else happens.
void arm_alarm(const Plan& plan);

// SIGTERM, SIGINT and SIGHUP as a descriptor; they are blocked from then on.
Result<UniqueFd> stop_signals();

// The line "ready PID" that harnesses wait for.
void announce_ready(int descriptor, int pid);

}  // namespace davy::drill

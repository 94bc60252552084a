// What /proc says of one process, joined with what the kernel's own list said of it.
//
// A process may die, change or forbid the look at any moment: whatever could not be read stays empty. Nothing here
// opens a file by a name that the process chose, except to ask whether one stands there. Thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "host/linux/task_walk.h"
#include "host/linux/users.h"
#include "model/observation.h"
#include "model/subject.h"

namespace davy::host {

inline constexpr std::size_t kLineageMax = 16;
inline constexpr std::size_t kArgumentsMax = 256;
inline constexpr std::size_t kExecutedAsBytesMax = 4096;

// Leaders of all processes by pid: lineages and namespaces are read from it.
using ProcessTable = std::map<std::int64_t, TaskRecord>;

struct ProcessReadScope {
  int proc_fd = -1;
  const ProcessTable* table = nullptr;
  const Users* users = nullptr;
};

// What the walk itself said of a process: all that can be said of one that has ended, whose number may be another's
// now.
model::ProcessSeen describe_ended(const ProcessReadScope& scope, const TaskRecord& record);

// A process that is gone meanwhile gives an observation with empty texts.
model::ProcessSeen read_process(const ProcessReadScope& scope, const TaskRecord& record);

// Names from the first ancestor down to the process itself, at most kLineageMax; a loop in the table ends it.
std::vector<std::string> lineage_of(const ProcessTable& table, std::int64_t pid);

// Arguments of /proc/PID/cmdline (NUL-separated), printable; cut at kArgumentsMax and model::kCommandLineBytesMax.
std::vector<std::string> split_arguments(std::string_view cmdline, bool& truncated);

// The id of the container in a control-group path (64 hexadecimal digits, as docker, containerd, cri-o and podman
// write them), or empty.
std::string container_of(std::string_view cgroup);

// The value of AT_EXECFN in /proc/PID/auxv of a 64-bit process: where in its memory the name given to exec stands.
std::uint64_t executed_as_address(ByteView auxv);

}  // namespace davy::host
